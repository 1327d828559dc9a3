// A job that runs. One page keeps one stream of events, closed with the page; what can't have one asks now and then.
"use strict";

(() => {
  // A browser opens six connections to a host, for all its tabs together: pages must find some free.
  const STREAMS = 3;
  const POLL_MS = 2000;
  const HIDDEN_POLL_MS = 15000;
  const GATHER_MS = 250;

  // Calls `use` once when this page may keep a stream, and returns what gives the place back. Without locks (plain http
  // on a network) nobody counts the streams of other tabs: pages ask instead.
  function queueForStream(use) {
    if (!navigator.locks) return () => {};
    const queue = new AbortController();
    let leave = () => {};
    let taken = false;
    const hold = () => {
      if (taken || queue.signal.aborted) return undefined;
      taken = true;
      queue.abort();
      use();
      return new Promise((resolve) => { leave = resolve; });
    };
    for (let place = 0; place < STREAMS; place += 1) {
      navigator.locks.request(`azscraper-stream-${place}`, { signal: queue.signal }, hold).catch(() => {});
    }
    return () => { queue.abort(); leave(); };
  }

  function follow(element) {
    let source = null;
    let leave = () => {};
    let timer = 0;
    let gathering = 0;
    const watched = new AbortController();

    const refresh = () => htmx.trigger(element, "progressed");
    const gather = () => {
      gathering ||= setTimeout(() => { gathering = 0; refresh(); }, GATHER_MS);
    };
    const ask = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { refresh(); ask(); }, document.hidden ? HIDDEN_POLL_MS : POLL_MS);
    };

    function stop() {
      source?.close();
      source = null;
      leave();
      clearTimeout(timer);
      clearTimeout(gathering);
      gathering = 0;
    }

    function listen() {
      clearTimeout(timer);
      source = new EventSource(element.dataset.live);
      source.addEventListener("progress", gather);
      source.addEventListener("end", () => { source.close(); refresh(); });
      source.addEventListener("error", () => {
        if (source.readyState === EventSource.CLOSED) { stop(); ask(); } // it is over, or this session is
        gather(); // which finds out what is wrong, and says so
      });
    }

    function start() {
      stop();
      if (!element.isConnected) { watched.abort(); return; }
      ask();
      if (!document.hidden) leave = queueForStream(listen);
    }

    const on = (target, name, act) => target.addEventListener(name, act, { signal: watched.signal });
    on(document, "visibilitychange", () => { start(); if (!document.hidden) refresh(); });
    on(window, "pagehide", stop);
    on(window, "pageshow", (event) => { if (event.persisted) { start(); refresh(); } });
    on(element, "htmx:afterRequest", (event) => { if (event.detail.xhr.status === 401) { stop(); watched.abort(); } });
    on(element, "htmx:beforeCleanupElement", (event) => {
      if (event.target === element) { stop(); watched.abort(); }
    });
    start();
  }

  // Whoever is on the way to another page is not taken back by one that comes anew. A download ends no page: then it goes on.
  const LEAVING_MS = 10000;
  let leftAt = -LEAVING_MS;
  window.addEventListener("beforeunload", () => { leftAt = performance.now(); });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.requestConfig.verb === "get" && performance.now() - leftAt < LEAVING_MS) event.preventDefault();
  });

  htmx.onLoad((within) => {
    if (within.matches("[data-live]")) follow(within);
    within.querySelectorAll("[data-live]").forEach(follow);
  });
})();
