import type { ExportFormat } from '#methods/export.ts';
import { weightsAs } from '#methods/weights/export.ts';

const safetensors: ExportFormat = {
	id: 'safetensors',
	title: 'Weights (.safetensors)',
	order: 20,
	note: 'All weights under the names of the file, as Hugging Face libraries read them.',
	...weightsAs('safetensors')
};

export default safetensors;
