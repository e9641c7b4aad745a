/** The page's looks: light or dark as the reader's system is, one column on a phone. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16202c;--muted:#5a6675;--line:#dfe4ea;--grid:#e8ecf1;--accent:#1c64d1;
--good:#16794a;--good-bg:#e3f5ec;--bad:#b3261e;--bad-bg:#fdeceb;--doubt:#8a5a00;--doubt-bg:#fdf3dc;--quiet-bg:#eef1f4;
--c0:#1c64d1;--c1:#16794a;--c2:#b35900;--c3:#8a3ffc;--c4:#b3261e;--c5:#007d8a;--soft0:#1c64d124;--soft1:#16794a33}
@media (prefers-color-scheme:dark){:root{--bg:#10151c;--card:#18202a;--ink:#e6ebf1;--muted:#9aa7b6;--line:#2b3643;--grid:#263140;--accent:#79aeff;
--good:#5fd39a;--good-bg:#12301f;--bad:#ff8a80;--bad-bg:#3a1a1a;--doubt:#f2c14e;--doubt-bg:#33280f;--quiet-bg:#222c38;
--c0:#79aeff;--c1:#5fd39a;--c2:#ffb067;--c3:#c3a0ff;--c4:#ff8a80;--c5:#5fd0dd;--soft0:#79aeff2e;--soft1:#5fd39a40}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
header,main,footer{max-width:1040px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 12px;z-index:9}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.kicker{margin:0 0 10px;color:var(--muted);font-size:.875rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.3;margin:12px 0 8px;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere;text-wrap:pretty}
h2{font-size:1.25rem;margin:0 0 12px}h3{font-size:1.0625rem;margin:0 0 8px}h4{font-size:1rem;margin:0 0 4px}
p{margin:0 0 10px;overflow-wrap:anywhere}
.lead{font-size:1.125rem;color:var(--muted)}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:22px 24px;margin:18px 0}
section section{border:0;padding:14px 0 0;margin:14px 0 0;border-top:1px solid var(--line);border-radius:0}
.badge{display:inline-block;padding:2px 11px;border-radius:999px;font-weight:650;font-size:.875rem;background:var(--quiet-bg);color:var(--muted);white-space:nowrap}
.badge.pass{background:var(--good-bg);color:var(--good)}.badge.fail{background:var(--bad-bg);color:var(--bad)}
.badge.inconclusive{background:var(--doubt-bg);color:var(--doubt)}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin:18px 0 0;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 14px}
.tiles b{display:block;font-size:1.375rem;font-variant-numeric:tabular-nums;line-height:1.25;overflow-wrap:anywhere}.tiles span{color:var(--muted);font-size:.8125rem}
.tiles .alarm b{color:var(--bad)}
.bar{display:block;width:100%;height:34px;margin:4px 0 6px}
.bar .rail{fill:var(--quiet-bg)}.bar .sold{fill:var(--c0)}.bar .left{fill:var(--c1)}.bar .over{fill:var(--bad)}.bar .gap{fill:var(--doubt)}.bar .mark{stroke:var(--ink);stroke-width:2}
.keys{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;padding:0;list-style:none;font-size:.875rem;color:var(--muted)}
.keys i{display:inline-block;width:.75em;height:.75em;border-radius:3px;margin-right:6px}
i.sold{background:var(--c0)}i.left{background:var(--c1)}i.over{background:var(--bad)}i.gap{background:var(--doubt)}
.equation{font-size:1.125rem;font-weight:600;font-variant-numeric:tabular-nums}
figure{margin:0 0 18px}figcaption{font-weight:600;margin-bottom:4px}
.chart{width:100%;min-height:120px;overflow:hidden}
.alt{color:var(--muted);font-size:.9375rem}
details{margin:6px 0}summary{cursor:pointer;color:var(--accent);width:fit-content}
table{border-collapse:collapse;width:100%;margin:8px 0;font-variant-numeric:tabular-nums;font-size:.9375rem}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding-bottom:4px}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;overflow-wrap:anywhere}
th:first-child{text-align:left}thead th{color:var(--muted);font-weight:600;font-size:.8125rem}tbody th{font-weight:600}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:8px 24px;margin:0}
dl div{border-bottom:1px solid var(--line);padding-bottom:6px}dt{color:var(--muted);font-size:.8125rem}dd{margin:0;overflow-wrap:anywhere}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875rem}
pre{background:var(--quiet-bg);border-radius:8px;padding:10px 12px;margin:6px 0 10px;overflow:auto}
.command{white-space:pre-wrap;overflow-wrap:anywhere}
.names{font-size:.9375rem;background:var(--quiet-bg);border-radius:8px;padding:10px 12px}
.rules{list-style:none;margin:0;padding:0}.rules>li{padding:12px 0;border-top:1px solid var(--line)}.rules>li:first-child{border-top:0}
.rules h3,.rules h4{margin:0 0 4px;display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center}.rules small{color:var(--muted);font-weight:400}
.evidence{border-left:3px solid var(--line);padding-left:14px;margin-top:6px}
.fail>.evidence{border-color:var(--bad)}
.lanes th,.lanes td{text-align:left}.lanes td:last-child,.lanes thead th:last-child{text-align:right}
.lanes code{display:block}.lanes .told{display:block;font-weight:600}.lanes td.act{background:var(--quiet-bg);border-left:3px solid var(--c0)}.lanes .minus{color:var(--bad);font-weight:700}
footer{color:var(--muted);font-size:.8125rem;padding-bottom:40px}
.uplot{font-family:inherit}.u-legend{color:var(--muted);font-size:.8125rem;text-align:left}.u-legend th,.u-legend td{border:0;padding:2px 4px}.u-legend .u-value{min-width:4.5em;text-align:left}
@media (max-width:620px){header,main,footer{padding-left:14px;padding-right:14px}h1{font-size:1.375rem}section{padding:16px 14px;border-radius:10px}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards,.cards tbody,.cards caption{display:block}
.cards tr{display:grid;grid-template-columns:repeat(3,1fr);gap:2px 10px;padding:8px 0;border-bottom:1px solid var(--line)}
.cards th{grid-column:1/-1}.cards th,.cards td{border:0;padding:0;text-align:left}
.cards td::before{content:attr(data-label);display:block;color:var(--muted);font-size:.75rem}
.cards.lanes tr{grid-template-columns:1fr auto}.cards.lanes td:empty{display:none}.cards.lanes td.act{padding:4px 8px}
.tiles{grid-template-columns:repeat(2,1fr);gap:8px}}
@media print{body{background:#fff}section{break-inside:avoid}}
`
