import ELK from 'elkjs/lib/elk.bundled.js';
import { it } from 'vitest';
import type { Graph } from '#contracts/graph.ts';
import { layered } from '#maths/layout/layered.ts';
import { SceneBuilder } from '#methods/structure/scene.ts';
import { groupTree } from '#methods/structure/tree.ts';
import { byDagre } from '../../tools/dagre.ts';
import { drawing, type Drawing } from '../../tools/drawing.ts';
import { denseBlock, inception, randomGraph, residualChain, unet, type TestGraph } from '../../tools/graphs.ts';
import { graph, mobileNetV1, node } from '../../tools/networks.ts';
import { startEngine } from '#engine/device.ts';
import { shippedModel } from '../../tools/shipped.ts';
import { median, ms, row } from '../measure.ts';

/** Where the others take minutes they are not asked: their times there are in the reference of the project. */
const MAX_NODES = 700;
const GAPS = { nodeGap: 20, rankGap: 20 };

function timed<T>(job: () => T): [T, number] {
	const began = performance.now();
	const value = job();
	return [value, performance.now() - began];
}

async function byElk({ n, edges }: TestGraph, width: ArrayLike<number>, height: ArrayLike<number>): Promise<number> {
	const elk = new ELK();
	const children = Array.from({ length: n }, (_, i) => ({ id: `n${i}`, width: width[i]!, height: height[i]! }));
	const lines = edges.map(([a, b], i) => ({ id: `e${i}`, sources: [`n${a}`], targets: [`n${b}`] }));
	const layoutOptions = { 'elk.algorithm': 'layered', 'elk.direction': 'DOWN' };
	const began = performance.now();
	await elk.layout({ id: 'root', layoutOptions, children, edges: lines });
	return performance.now() - began;
}

const describe = ({ crossings, length }: Drawing) => `${crossings} crossings, length ${Math.round(length / 1000)} k`;

async function compare(name: string, test: TestGraph): Promise<void> {
	const [width, height] = [new Float64Array(test.n).fill(120), new Float64Array(test.n).fill(40)];
	const lay = () => layered({ width, height, edges: test.edges }, GAPS);
	const time = await median(3, () => Promise.resolve(lay()));
	const what = `layout of ${name}, ${test.n} nodes`;
	if (test.n > MAX_NODES) {
		row(what, ms(time), 'a limit of 3 s at 10,000 nodes', time / 3000);
		return;
	}
	const { x, y, routes } = lay();
	const ours = drawing(x, y, width, height, routes);
	const [theirs, dagreTime] = timed(() => byDagre(width, height, test.edges, GAPS));
	row(`${what}: time`, ms(time), `dagre ${ms(dagreTime)}`, time / dagreTime);
	row(`${what}: length`, describe(ours), `dagre ${describe(theirs)}`, ours.length / theirs.length);
	const elkTime = await byElk(test, width, height);
	row(`${what}: time`, ms(time), `ELK ${ms(elkTime)}`, time / elkTime);
}

function edgesOf({ nodes }: Graph): TestGraph {
	const index = new Map(nodes.map(({ id }, i) => [id, i]));
	const edges = nodes.flatMap(({ inputs }, i) =>
		[...new Set(inputs)].map((id): [number, number] => [index.get(id) as number, i])
	);
	return { n: nodes.length, edges };
}

it('layout', async () => {
	await startEngine('wasm');
	const { model } = await shippedModel('photos');
	const photos = edgesOf(model.graph);
	model.dispose();
	await compare('Photos', photos);
	await compare('MobileNetV1', edgesOf(mobileNetV1(1)));
	await compare('U-net', unet(6));
	await compare('inception blocks', inception(16));
	await compare('a dense block', denseBlock(60));
	await compare('a residual chain', residualChain(500));
	await compare('a residual chain', residualChain(2000));
	await compare('a residual chain', residualChain(10_000));
	await compare('a random graph', randomGraph(5000, 6500, 3));
	await compare('a residual chain', residualChain(50_000));
});

it('unfolding', async () => {
	const { n, edges } = residualChain(5000);
	const inputs = Array.from({ length: n }, () => [] as string[]);
	for (const [from, to] of edges) inputs[to]!.push(`n${from}`);
	const g = graph(
		inputs.map((own, i) =>
			node(`n${i}`, i ? `T${(i * 7919) % 211}` : 'Input', own, { group: [`part${Math.floor(i / 500)}`] })
		)
	);
	const root = groupTree(g);
	const builder = new SceneBuilder(g, root);
	const parts = root.children.map(({ id }) => id);
	let i = 0;
	const time = await median(7, () => {
		const open = [parts[0] as string, parts[1 + (i++ % 9)] as string];
		return Promise.resolve(builder.build({ open, direction: 'down' }, () => undefined));
	});
	row('a group of 500 nodes in 5,000 unfolds', ms(time), 'a limit of 100 ms', time / 100);
});
