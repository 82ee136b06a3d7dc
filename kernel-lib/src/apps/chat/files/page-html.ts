export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Chat</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="page.css">
  <script src="page.js" type="module"></script>
</head>
<body>
  <header>
    <h1>Chat <small id="room"></small></h1>
    <p>Served by <b id="host">…</b></p>
  </header>
  <p id="status" role="status">Connecting…</p>
  <ol id="messages" aria-live="polite" aria-label="Messages" tabindex="0"></ol>
  <form id="form">
    <label>Name <input id="name" name="name" required maxlength="40" autocomplete="nickname"></label>
    <label>Message <input id="text" name="text" required maxlength="2000" autocomplete="off"></label>
    <button>Send</button>
  </form>
</body>
</html>
`;
