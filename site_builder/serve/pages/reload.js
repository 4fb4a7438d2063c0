// Shows this page anew as soon as the preview has another version of it. A tab that nobody looks
// at does not listen: a browser keeps only a few connections to one server.
{
  const { version } = document.currentScript.dataset
  let source
  const listen = () => {
    source?.close()
    if (document.hidden) return
    source = new EventSource('/_preview/events?at=' + encodeURIComponent(location.pathname))
    source.onmessage = (event) => {
      if (event.data === version) return
      source.close()
      location.reload()
    }
  }
  document.addEventListener('visibilitychange', listen)
  listen()
}
