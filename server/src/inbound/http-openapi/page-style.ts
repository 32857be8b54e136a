/** The page's one style sheet; its digest is in the policy. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #8884; --weak: #8882; --link: light-dark(#0b57a4, #8ab8f0) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem }
a { color: var(--link) }
h1 small { font-weight: normal; font-size: 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
h4 { margin: 1rem 0 .25rem }
code { font: .875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0 }
details { border: 1px solid var(--line); border-radius: .375rem; margin: .375rem 0; padding: 0 .75rem }
details[open] { padding-bottom: .75rem }
summary { padding: .375rem 0; cursor: pointer }
summary b { display: inline-block; min-width: 4.5rem }
summary span { margin-left: .5rem; opacity: .8 }
table { border-collapse: collapse; width: 100%; margin: .25rem 0 }
td { border-top: 1px solid var(--weak); padding: .25rem .5rem .25rem 0; vertical-align: top }
.answer { border-top: 1px solid var(--weak); padding: .25rem 0 }
.content { margin-left: 1rem }
small { opacity: .75; overflow-wrap: anywhere }
dt { font-weight: bold }
`
