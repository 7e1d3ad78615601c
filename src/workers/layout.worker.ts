import type { LayoutApi, StructureSummary } from '#contracts/structure.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import { nodeCosts } from '#methods/structure/costs.ts';
import { SceneBuilder } from '#methods/structure/scene.ts';
import { groupTree, isGroup, type Group } from '#methods/structure/tree.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread that lays graphs out. It does not listen while it works: who has no patience ends it and starts another. */

let builder: SceneBuilder | null = null;

const api: Parameters<typeof serve<LayoutApi>>[1] = {
	load(graph) {
		const root = groupTree(graph);
		builder = new SceneBuilder(graph, root);
		const groups: StructureSummary['groups'][number][] = [];
		const stack: Group[] = [root];
		while (stack.length)
			for (const child of (stack.pop() as Group).children) {
				if (!isGroup(child)) continue;
				groups.push({ id: child.id, title: child.title, nodes: child.size, times: child.times });
				stack.push(child);
			}
		return { costs: Object.fromEntries(nodeCosts(graph)), groups };
	},

	layout(request, { signal }) {
		if (!builder) throw new Error('There is no graph yet.');
		const scene = builder.build(request, () => throwIfAborted(signal));
		return new Transferred(scene, [scene.places.buffer, scene.points.buffer, scene.starts.buffer, scene.ends.buffer]);
	}
};

serve<LayoutApi>(self as never, api);
