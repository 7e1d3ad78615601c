import type { LayoutApi, Scene } from '#contracts/structure.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import { nodeCosts } from '#methods/structure/costs.ts';
import { SceneBuilder } from '#methods/structure/scene.ts';
import { groupsOf, groupTree, unavoidable } from '#methods/structure/tree.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread that lays graphs out. It does not listen while it works: who has no patience ends it and starts another. */

let builder: SceneBuilder | null = null;

const buffers = (scene: Scene) => [
	scene.bounds.buffer,
	scene.points.buffer,
	scene.starts.buffer,
	scene.ends.buffer,
	scene.homes.buffer
];

const api: Parameters<typeof serve<LayoutApi>>[1] = {
	load(graph) {
		const root = groupTree(graph);
		builder = new SceneBuilder(graph, root);
		const all = groupsOf(root);
		const index = new Map(all.map((group, i) => [group, i]));
		const parents = new Map(all.flatMap((group, i) => group.children.map((child) => [child.id, i] as const)));
		const groups = all.map(({ id, title, size, times, parent }) => ({
			id,
			title,
			nodes: size,
			times,
			parent: parent && index.has(parent) ? parent.id : null
		}));
		const within = Int32Array.from(graph.nodes, ({ id }) => parents.get(id) ?? -1);
		return { costs: Object.fromEntries(nodeCosts(graph)), groups, within, open: unavoidable(root) };
	},

	layout(request, { signal, progress }) {
		if (!builder) throw new Error('There is no graph yet.');
		const scene = builder.build(
			request,
			() => throwIfAborted(signal),
			(coarse) => progress(coarse, buffers(coarse))
		);
		return new Transferred(scene, buffers(scene));
	},

	ready() {}
};

serve<LayoutApi>(self as never, api);
