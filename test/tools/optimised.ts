/** What is bundled before tests run in the browser: a dependency that is found later starts the page anew. */
export const optimised = [
	'@tensorflow/tfjs-core',
	'@tensorflow/tfjs-core/dist/register_all_gradients',
	'@tensorflow/tfjs-layers',
	'@tensorflow/tfjs-converter',
	'@tensorflow/tfjs-converter/dist/executor/execution_context',
	'@tensorflow/tfjs-converter/dist/operations/operation_executor',
	'@tensorflow/tfjs-converter/dist/operations/operation_mapper',
	'@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops',
	'fflate',
	'd3-color',
	'd3-scale-chromatic',
	'@tensorflow/tfjs-backend-cpu',
	'@tensorflow/tfjs-backend-wasm',
	'@tensorflow/tfjs-backend-webgl',
	'@tensorflow/tfjs-backend-webgpu',
	'regl',
	'ml-matrix',
	'umap-js',
	'@observablehq/plot',
	'plotly.js-basic-dist-min',
	'@mapbox/tiny-sdf'
];
