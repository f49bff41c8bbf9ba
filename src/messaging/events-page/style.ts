/** The style sheet of the page. Fonts are those of the system: nothing is loaded. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2430; --muted: #5a6675; --page: #f6f7f9; --card: #ffffff; --line: #dfe3e8; --code: #eef1f4;
  --accent: #b3261e; --reads: #0b6b3a; --reads-back: #e1f3e8; --sends: #1d4f91; --sends-back: #e3edf9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ee; --muted: #9aa6b4; --page: #12161c; --card: #1a2028; --line: #2d3641; --code: #232b35;
    --accent: #ff8a80; --reads: #7ddba4; --reads-back: #12351f; --sends: #9cc4f5; --sends-back: #14294a;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); min-height: 100vh;
  background: var(--page); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
}
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.75rem 1.25rem; border-right: 1px solid var(--line); background: var(--card); }
.brand { margin: 0 0 1.5rem; font-size: 1.2rem; font-weight: 700; color: var(--accent); }
.brand span { color: var(--text); font-weight: 400; }
nav ul { list-style: none; margin: 0 0 1.25rem; padding: 0; }
nav a { display: block; padding: 0.2rem 0; font-size: 0.92rem; color: var(--text); text-decoration: none; overflow-wrap: anywhere; }
nav a:hover, nav a:focus-visible { color: var(--accent); text-decoration: underline; }
.label { margin: 0.75rem 0 0.25rem; font-size: 0.72rem; font-weight: 600; letter-spacing: 0.07em; text-transform: uppercase; color: var(--muted); }
main { width: 100%; max-width: 68rem; padding: 2rem 2.5rem 4rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.25; }
h1 small { font-size: 1rem; font-weight: 400; color: var(--muted); }
header p { margin: 0.4rem 0 0; color: var(--muted); max-width: 46rem; }
section { margin-top: 2.25rem; scroll-margin-top: 1rem; }
h2 { margin: 0 0 0.5rem; font-size: 1.25rem; }
.channel > h2 { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
h3 { margin: 0; font-size: 1.02rem; }
h4 { margin: 0.9rem 0 0.3rem; font-size: 0.9rem; }
p { margin: 0.3rem 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.88em; }
.server, article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; margin-top: 0.75rem; }
.server p { color: var(--muted); }
.tag { display: inline-block; padding: 0.05rem 0.5rem; border-radius: 999px; background: var(--code); color: var(--muted); font-size: 0.78rem; font-weight: 500; white-space: nowrap; }
.facts { color: var(--muted); }
.operations { list-style: none; margin: 0.75rem 0 0; padding: 0; display: grid; gap: 0.4rem; }
.operations li { display: flex; gap: 0.6rem; align-items: baseline; }
.operations li > span:last-child { min-width: 0; overflow-wrap: anywhere; }
.action { flex: none; width: 3.6rem; text-align: center; border-radius: 5px; font-size: 0.78rem; font-weight: 600; padding: 0.08rem 0; }
.receive { color: var(--reads); background: var(--reads-back); }
.send { color: var(--sends); background: var(--sends-back); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
th { text-align: left; font-size: 0.75rem; font-weight: 600; color: var(--muted); }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
td:first-child { width: 32%; overflow-wrap: anywhere; } td:nth-child(2) { width: 18%; }
.required { color: var(--accent); font-size: 0.75rem; }
.rules { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.rules span { background: var(--code); border-radius: 5px; padding: 0 0.4rem; font-size: 0.8rem; overflow-wrap: anywhere; }
details { margin-top: 0.7rem; border-top: 1px solid var(--line); padding-top: 0.6rem; }
summary { cursor: pointer; font-weight: 600; font-size: 0.9rem; }
pre { margin: 0; padding: 0.8rem 1rem; border-radius: 8px; background: var(--code); overflow-x: auto; }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem 1.25rem; }
  main { padding: 1.25rem; }
}
@media print { nav { display: none; } body { display: block; } }
`;
