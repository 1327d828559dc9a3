"""The dashboard's pages, one file for each thing that they show; what they share stands beside this folder."""
