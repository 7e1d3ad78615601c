import type { ExportFormat } from '#methods/export.ts';
import { weightsAs } from '#methods/weights/export.ts';

const npz: ExportFormat = {
	id: 'npz',
	title: 'Weights (.npz)',
	order: 30,
	note: 'All weights under the names of the file, as NumPy reads them (numpy.load).',
	...weightsAs('npz')
};

export default npz;
