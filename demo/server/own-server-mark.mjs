const mark = '<meta name="demo-server" content="express" />'

/** Tells the page that a real server is there, so that it starts no service worker in its place. */
export function markOwnServer(html) {
  return html.replace('</head>', `${mark}</head>`)
}
