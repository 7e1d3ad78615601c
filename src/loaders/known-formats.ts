import { baseName, type SourceFile } from '#contracts/source.ts';
import { headOf } from '#loaders/head.ts';

/** Formats that the lab knows by their content but does not open: what each is, and what to do. */

interface KnownFormat {
	/** In a sentence: `a TensorFlow Lite model`. */
	title: string;
	hint: string;
	/** @param head the first bytes as letters, one a byte @param name in small letters */
	is(head: string, name: string, size: number): boolean;
}

const CONVERT = 'Convert it to TF.js';
const HEAD = 4096;

const ending = (name: string, ...endings: readonly string[]) => endings.some((one) => name.endsWith(one));

const FORMATS: readonly KnownFormat[] = [
	{
		title: 'an ONNX model that is damaged or cut short',
		hint: 'Copy, download or export it again.',
		is: (head, name) => ending(name, '.onnx') || (/^\x08[\x01-\x20]/.test(head) && /(onnx|pytorch|ai\.onnx)/.test(head))
	},
	{
		title: 'a TensorFlow checkpoint',
		hint: `${CONVERT}: load it in TensorFlow, save the model as a SavedModel or Keras file, and convert that by tensorflowjs_converter.`,
		is: (_, name) => /\.(index|meta|data-\d+-of-\d+)$/.test(name)
	},
	{
		title: 'a TensorFlow SavedModel that is damaged or cut short',
		hint: 'Copy or export it again.',
		is: (_, name) => baseName(name) === 'saved_model.pb'
	},
	{
		title: 'a TensorFlow graph that is damaged or cut short',
		hint: 'Copy or export it again.',
		is: (head, name) => ending(name, '.pb') && head.startsWith('\n')
	},
	{
		title: 'a TensorFlow SavedModel written as text',
		hint: 'Save it in its binary form, as saved_model.pb.',
		is: (_, name) => baseName(name) === 'saved_model.pbtxt'
	},
	{
		title: 'a Core ML model',
		hint: `${CONVERT} from the model that it was made of.`,
		is: (_, name) => ending(name, '.mlmodel', '.mlpackage')
	},
	{
		title: 'a Python pickle',
		hint: 'The lab runs no code of others: save weights by torch.save, arrays by numpy.save, tables as CSV or Parquet.',
		is: (head, name) =>
			/^\x80[\x02-\x05]/.test(head) || (head.startsWith('\x80') && ending(name, '.pkl', '.pickle', '.joblib'))
	},
	{
		title: 'a MATLAB file',
		hint: 'Save its arrays as .npy (scipy.io.loadmat, numpy.save) or as CSV.',
		is: (head) => head.startsWith('MATLAB 5.0 MAT-file')
	},
	{
		title: 'an Excel workbook',
		hint: 'Save the sheet as CSV.',
		is: (head, name) =>
			ending(name, '.xlsx', '.xls', '.xlsm') || (head.startsWith('PK') && head.includes('xl/workbook'))
	},
	{
		title: 'a Word document',
		hint: 'The lab opens models, data sets, images and class names.',
		is: (head, name) => ending(name, '.docx', '.doc') || (head.startsWith('PK') && head.includes('word/'))
	},
	{
		title: 'a PDF document',
		hint: 'The lab opens models, data sets, images and class names.',
		is: (head) => head.startsWith('%PDF-')
	},
	{
		title: 'an SQLite database',
		hint: 'Save the table as CSV or Parquet.',
		is: (head) => head.startsWith('SQLite format 3\0')
	},
	{
		title: 'a film',
		hint: 'Save some of its pictures as PNG or JPEG.',
		is: (head) => /^(isom|iso2|mp41|mp42|M4V |qt {2}|avc1)/.test(head.slice(8)) || head.startsWith('\x1aE\xdf\xa3')
	},
	{
		title: 'a sound',
		hint: 'The lab explains models of images and tables.',
		is: (head) =>
			(head.startsWith('RIFF') && head.slice(8, 12) === 'WAVE') || /^(ID3|OggS|fLaC|\xff[\xfb\xf3\xf2])/.test(head)
	},
	{
		title: 'an archive that is not zip, gzip or tar',
		hint: 'Unpack it and open its folder.',
		is: (head) => /^(7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd)/.test(head)
	},
	{
		title: 'a web page',
		hint: 'The server may have answered with a page in place of the file: download it anew.',
		is: (head) => /^\s*<(!doctype html|html)/i.test(head)
	},
	{
		title: 'a pointer to a file that Git LFS keeps elsewhere',
		hint: 'Fetch the file itself: git lfs pull, or the download button of its page.',
		is: (head) => head.startsWith('version https://git-lfs.github.com/spec/')
	}
];

/** What a file is, where the lab knows it but does not open it. */
export async function knownFormat(file: SourceFile): Promise<{ message: string; hint: string } | null> {
	const bytes = await headOf(file.blob, HEAD);
	const head = String.fromCharCode(...bytes);
	const found = head && FORMATS.find((format) => format.is(head, file.path.toLowerCase(), file.blob.size));
	return found ? { message: `“${file.path}” is ${found.title}, which the lab does not open.`, hint: found.hint } : null;
}
