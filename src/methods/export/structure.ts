import { graphJson } from '#contracts/graph-file.ts';
import type { ExportFormat } from '#methods/export.ts';
import { nodeCosts } from '#methods/structure/costs.ts';

const structure: ExportFormat = {
	id: 'structure',
	title: 'Structure (.json)',
	order: 40,
	note: 'Nodes with types, attributes, shapes, weights by name and costs, without the numbers.',
	refusal: ({ obstacle }) =>
		obstacle?.kind === 'bag' ? 'There are weights only: no network that could be written.' : null,
	write({ model: { graph }, title }) {
		const text = graphJson(graph, Object.fromEntries(nodeCosts(graph)), title);
		return Promise.resolve({
			files: [{ path: `${title}-structure.json`, blob: new Blob([text], { type: 'application/json' }) }],
			notes: []
		});
	}
};

export default structure;
