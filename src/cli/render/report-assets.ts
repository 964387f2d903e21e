/** Looks of the report: light and dark, on screen and on paper. */
export const reportStyle = `
:root{color-scheme:light dark;--text:#1c2024;--muted:#60646c;--paper:#fff;--card:#f4f5f7;--line:#d9dce1;--accent:#0b5cad;--read:#18794e;--partly:#915200;--refused:#b3261e}
@media (prefers-color-scheme:dark){:root{--text:#e8eaed;--muted:#a0a6ae;--paper:#16181b;--card:#202328;--line:#363b42;--accent:#7cb8f5;--read:#6ccf9c;--partly:#f0b45c;--refused:#ff8f86}}
*{box-sizing:border-box}
body{margin:0;padding:24px;background:var(--paper);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
h1{margin:0 0 4px;font-size:22px}
h2{margin:0 0 6px;font-size:14px}
p,dl{margin:0 0 12px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;color:var(--muted)}
dd{margin:0;color:var(--text);overflow-wrap:anywhere}
.note{padding:8px 12px;border-left:3px solid var(--partly);background:var(--card)}
.cards{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 16px;padding:0;list-style:none}
.cards li{min-width:92px;padding:8px 12px;border-radius:6px;background:var(--card)}
.cards b{display:block;font-size:20px;font-variant-numeric:tabular-nums}
.side{display:flex;flex-wrap:wrap;gap:24px;margin:0 0 16px}
.side table{width:auto;table-layout:auto}
.tools{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;padding:8px 0;background:var(--paper)}
.tools input{flex:1 1 240px;max-width:420px}
input,select,button{font:inherit;color:inherit}
input,select{padding:5px 8px;border:1px solid var(--line);border-radius:5px;background:var(--paper)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse;table-layout:fixed}
#files{min-width:1040px}
th,td{padding:5px 8px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;border-bottom:2px solid var(--line);overflow-wrap:normal}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid var(--accent)}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
.n{text-align:right;font-variant-numeric:tabular-nums}
.path{width:30%}.reading{width:96px}.outcome{width:84px}.notes{width:34%}
th.n{width:82px}
.read{color:var(--read)}.partly{color:var(--partly)}.refused{color:var(--refused)}.removed,.foreseen{color:var(--muted)}
td div+div{margin-top:3px}
.in{padding-left:22px}
.hint{color:var(--muted)}
.tools,.more{display:none}
.js .tools{display:flex}
.js .off{display:none}
@media screen{.js .later{display:none}.js .more.on{display:block;margin:12px auto;padding:6px 16px;border:1px solid var(--line);border-radius:5px;background:var(--card);cursor:pointer}}
@media print{body{padding:0;font-size:9pt}.js .tools{display:none}#files{min-width:0}thead{display:table-header-group}tr{break-inside:avoid}:root{--text:#000;--paper:#fff;--card:#f2f2f2;--line:#bbb;--muted:#444;--read:#0a5c38;--partly:#6b3d00;--refused:#8c1d17}}
`

/** What an evaluation adds: plots, and the columns of its table of questions. */
export const evaluationStyle = `
:root{--s0:#0b5cad;--s1:#b3261e;--s2:#915200;--s3:#18794e}
@media (prefers-color-scheme:dark){:root{--s0:#7cb8f5;--s1:#ff8f86;--s2:#f0b45c;--s3:#6ccf9c}}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:16px;max-width:1120px;margin:0 0 16px}
figure{max-width:560px;margin:0;padding:12px 14px;border-radius:6px;background:var(--card);break-inside:avoid}
figcaption{font-weight:600;margin:0 0 6px}
svg{display:block;width:100%;height:auto}
svg text{font-size:11px;fill:var(--muted);font-variant-numeric:tabular-nums}
svg .end{text-anchor:end}
svg .middle{text-anchor:middle}
svg .grid{stroke:var(--line);stroke-width:1}
polyline{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.s3 polyline{stroke-dasharray:6 4}
circle{fill:currentColor}
rect{fill:currentColor;opacity:.85}
.s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}
.keys{display:flex;flex-wrap:wrap;gap:4px 16px;margin:4px 0 0}
.key::before{content:"";display:inline-block;width:14px;height:3px;margin-right:6px;vertical-align:middle;background:currentColor}
.side th.n{width:auto;white-space:nowrap}
.side td.n{white-space:nowrap}
#questions{min-width:900px}
#questions .id{width:84px}#questions .kind{width:124px}#questions .verdict{width:84px}#questions .change{width:170px}
`

/** Rows that are laid out at first: a browser needs many seconds for 50,000. All of them are printed, and filtered. */
export const rowsShownAtFirst = 2_000

/** Says before the page is laid out that there is a script. */
export const reportFirstScript = `document.documentElement.classList.add('js')`

/** Sorts by a click on a heading and filters by text and result. Without it the table is complete and in order. */
export const reportScript = `
const table=document.getElementById('files'),body=table.tBodies[0],heads=[...table.tHead.rows[0].cells]
const text=document.getElementById('text'),reading=document.getElementById('reading'),shown=document.getElementById('shown'),more=document.getElementById('more')
let rows=[...body.rows].map((row,place)=>({row,place,words:null})),limit=${rowsShownAtFirst}
const draw=()=>{
  const wanted=text.value.toLowerCase(),kind=reading.value
  let count=0
  for(const each of rows){
    let fits=kind===''||each.row.dataset.r===kind
    if(fits&&wanted!=='')fits=(each.words??=each.row.textContent.toLowerCase()).includes(wanted)
    if(fits)count++
    each.row.className=fits?(count>limit?'later':''):'off'
  }
  shown.textContent=String(count)
  more.classList.toggle('on',count>limit)
}
let timer=0
text.addEventListener('input',()=>{clearTimeout(timer);timer=setTimeout(draw,150)})
reading.addEventListener('change',draw)
more.addEventListener('click',()=>{limit*=4;draw()})
const order=new Intl.Collator(document.documentElement.lang,{numeric:true})
heads.forEach((head,column)=>head.querySelector('button').addEventListener('click',()=>{
  const numeric=head.classList.contains('n'),before=head.getAttribute('aria-sort')
  const falls=before==='ascending'||(numeric&&before===null)
  for(const other of heads)other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort',falls?'descending':'ascending')
  const sign=falls?-1:1
  const keyed=rows.map(each=>({each,key:numeric?Number(each.row.cells[column].textContent||-1):each.row.cells[column].textContent}))
  keyed.sort((a,b)=>sign*(numeric?a.key-b.key:order.compare(a.key,b.key))||a.each.place-b.each.place)
  rows=keyed.map(({each})=>each)
  draw()
  const sorted=document.createDocumentFragment()
  for(const {row} of rows)sorted.append(row)
  body.append(sorted)
}))
draw()
`
