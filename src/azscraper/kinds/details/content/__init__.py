"""What a product page holds beside its facts: pictures, documents, certificates, the manufacturer's content, what buyers say in sum."""
