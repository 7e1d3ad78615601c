import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel, Loader } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { isGraphDef, those } from '#loaders/tensorflow/recognised.ts';

/** What nobody asks a network for. */
const ENDS = new Set(['NoOp', 'Assert', 'Const', 'Placeholder', 'Print', 'SaveV2', 'Assign', 'AssignVariableOp']);

/** A frozen graph of TensorFlow: a GraphDef whose weights are constants. */
const loader: Loader = {
	id: 'tensorflow-graph',
	title: 'frozen TensorFlow graph',
	extensions: ['.pb'],
	match: async (source) => ((await those(source, isGraphDef)).length ? 0.9 : 0),
	uses: (source) => those(source, isGraphDef),
	async load(source: Source, context: LoadContext): Promise<LoadedModel> {
		const found = await those(source, isGraphDef);
		const [file] = found;
		if (!file || found.length > 1)
			throw new LabError(`There are ${found.length} graphs in “${source.name}”.`, 'Open one of them at a time.');
		context.progress(0.1, 'Reading the graph');
		const [{ graphDef }, { inlined }, { decoded }, { writtenGraph }, { graphModel }] = await Promise.all([
			import('#loaders/tensorflow/graph-def.ts'),
			import('#loaders/tensorflow/inlining.ts'),
			import('#loaders/tensorflow/wire.ts'),
			import('#loaders/tensorflow/written.ts'),
			import('#engine/model/graph/model.ts')
		]);
		context.checkSize(file.blob.size, file.blob.size);
		const bytes = new Uint8Array(await file.blob.arrayBuffer());
		const graph = decoded(file.path, () => graphDef(bytes));
		const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs.map((input) => input.split(':')[0])));
		const ends = graph.nodes.filter(({ name, op }) => !read.has(name) && !ENDS.has(op)).map(({ name }) => name);
		if (!ends.length) throw new LabError(`The graph “${file.path}” has no output.`, 'Export the model again.');
		const { nodes, references } = inlined(graph, ends);
		const { node, weights } = decoded(file.path, () => writtenGraph(nodes, () => null));
		throwIfAborted(context.signal);
		context.progress(0.7, 'Building the network');
		const outputs = Object.fromEntries(references.map((name, i) => [`${i}`, { name }]));
		const model = graphModel({ topology: { node }, signature: { outputs }, weights, inputShape: context.inputShape });
		return { model, format: 'frozen TensorFlow graph', warnings: [] };
	}
};

export default loader;
