import { it } from 'vitest';
import dagre from '@dagrejs/dagre';
import { layered } from '#maths/layout/layered.ts';
import { drawing } from './tools/drawing.ts';

function rng(seed: number) { let s = seed; return () => (s = (s * 1664525 + 1013904223) >>> 0) / 4294967296; }
function chain(n: number, seed = 1) { const r = rng(seed); const e: [number, number][] = []; for (let i = 1; i < n; i++) { e.push([i - 1, i]); if (i > 6 && r() < 0.14) e.push([i - 2 - Math.floor(r() * 5), i]); } return { n, e }; }
function inception(blocks: number) { const e: [number, number][] = []; let n = 1; let last = 0; for (let b = 0; b < blocks; b++) { const ends: number[] = []; for (const len of [1, 2, 3, 2]) { let p = last; for (let k = 0; k < len; k++) { e.push([p, n]); p = n++; } ends.push(p); } for (const q of ends) e.push([q, n]); last = n++; } return { n, e }; }
function dag(n: number, m: number, seed: number) { const r = rng(seed); const e: [number, number][] = []; const s = new Set<number>(); while (e.length < m) { const a = Math.floor(r() * n); const b = Math.min(n - 1, a + 1 + Math.floor(r() * 12)); if (a < b && !s.has(a * n + b)) { s.add(a * n + b); e.push([a, b]); } } return { n, e }; }
function dense(n: number) { const e: [number, number][] = []; for (let i = 0; i < n; i++) for (let j = i + 1; j < Math.min(n, i + 6); j++) e.push([i, j]); return { n, e }; }
function unet(d: number) { const e: [number, number][] = []; const down: number[] = []; let n = 0; let p = -1; const add = (...f: number[]) => { for (const x of f) if (x >= 0) e.push([x, n]); return n++; }; for (let i = 0; i < d; i++) { p = add(p); p = add(p); down.push(p); p = add(p); } p = add(p); for (let i = d - 1; i >= 0; i--) { p = add(p); p = add(p, down[i]!); p = add(p); } return { n, e }; }

const cases: [string, { n: number; e: [number, number][] }][] = [
  ['chain173', { n: 173, e: Array.from({ length: 172 }, (_, i) => [i, i + 1] as [number, number]) }],
  ['res200', chain(200)], ['res1000', chain(1000)], ['inception12', inception(12)], ['dag100', dag(100, 160, 3)], ['dag300', dag(300, 420, 5)], ['dense60', dense(60)], ['unet5', unet(5)]
];
it('compare', () => {
  for (const [name, { n, e }] of cases) {
    const w = Array.from({ length: n }, () => 120), h = Array.from({ length: n }, () => 40);
    const t0 = performance.now();
    const l = layered({ width: w, height: h, edges: e }, { nodeGap: 20, rankGap: 20 });
    const t1 = performance.now();
    const ours = drawing(l.x, l.y, w, h, l.routes);
    const g = new dagre.graphlib.Graph(); g.setGraph({ nodesep: 20, ranksep: 20, edgesep: 8 }); g.setDefaultEdgeLabel(() => ({}));
    for (let i = 0; i < n; i++) g.setNode(String(i), { width: 120, height: 40 });
    for (const [a, b] of e) g.setEdge(String(a), String(b), {});
    const t2 = performance.now(); dagre.layout(g); const t3 = performance.now();
    const xs: number[] = [], ys: number[] = []; for (let i = 0; i < n; i++) { const q = g.node(String(i)); xs.push(q.x as number); ys.push(q.y as number); }
    const theirs = drawing(xs, ys, w, h, e.map(([a, b]) => (g.edge(String(a), String(b)) as { points: { x: number; y: number }[] }).points.flatMap((p) => [p.x, p.y])));
    console.log(name, n, e.length, `ours ${(t1 - t0).toFixed(0)}ms x${ours.crossings} L${ours.length.toFixed(0)} o${ours.overlaps} h${ours.hits} | dagre ${(t3 - t2).toFixed(0)}ms x${theirs.crossings} L${theirs.length.toFixed(0)} o${theirs.overlaps} h${theirs.hits} | len ${(ours.length / theirs.length).toFixed(3)}`);
  }
  for (const n of [5000, 10000, 50000]) {
    for (const [name, g] of [['chain', chain(n)], ['dag', dag(n, Math.floor(n * 1.2), 7)]] as const) {
      const w = new Float64Array(g.n).fill(120), h = new Float64Array(g.n).fill(40);
      const t0 = performance.now(); const l = layered({ width: w, height: h, edges: g.e }); console.log(name, n, (performance.now() - t0).toFixed(0), 'ms', l.crossings);
    }
  }
});
