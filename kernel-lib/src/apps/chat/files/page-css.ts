export const PAGE_CSS = `:root {
  color-scheme: light dark;
  font:
    16px / 1.5 system-ui,
    sans-serif;
}

body {
  display: flex;
  flex-direction: column;
  gap: 0.75rem;
  box-sizing: border-box;
  max-width: 44rem;
  height: 100dvh;
  margin: 0 auto;
  padding: 1rem;
}

header {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
}

h1,
p,
ol {
  margin: 0;
}

h1 {
  font-size: 1.25rem;
}

#status {
  padding: 0.25rem 0.75rem;
  border-left: 4px solid #c2410c;
}

#status[data-state="ready"] {
  border-left-color: #15803d;
}

#messages {
  flex: 1;
  overflow-y: auto;
  padding: 0;
  list-style: none;
}

#messages li {
  padding: 0.25rem 0;
  overflow-wrap: anywhere;
}

#messages small {
  opacity: 0.75;
}

form {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}

label {
  display: flex;
  flex: 1 1 8rem;
  flex-direction: column;
}

label:nth-child(2) {
  flex: 4 1 14rem;
}

input,
button {
  font: inherit;
  padding: 0.35rem 0.6rem;
}

button {
  align-self: end;
}
`;
