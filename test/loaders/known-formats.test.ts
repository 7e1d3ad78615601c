import { describe, expect, it } from 'vitest';
import { knownFormat } from '#loaders/known-formats.ts';

/** @param head the first bytes as letters, one a byte */
const describeHead = async (head: string, path = 'x') => {
	const blob = new Blob([Uint8Array.from(head, (c) => c.charCodeAt(0))]);
	return (await knownFormat({ path, blob }))?.message ?? null;
};

const KNOWN: readonly (readonly [what: string, head: string, path?: string])[] = [
	['an ONNX model', '\x08', 'a.onnx'],
	['an ONNX model', '\x08\x07\x12\x07pytorch'],
	['a TensorFlow checkpoint', 'x', 'model.data-00000-of-00001'],
	['a TensorFlow checkpoint', 'x', 'model.index'],
	['a TensorFlow SavedModel that is damaged or cut short', 'x', 'm/saved_model.pb'],
	['a TensorFlow graph that is damaged or cut short', '\n\x05', 'graph.pb'],
	['a TensorFlow SavedModel written as text', 'x', 'm/saved_model.pbtxt'],
	['a Core ML model', 'x', 'a.mlmodel'],
	['a Python pickle', '\x80\x05'],
	['a Python pickle', '\x80\x01', 'a.joblib'],
	['a MATLAB file', 'MATLAB 5.0 MAT-file, Platform'],
	['an Excel workbook', 'x', 'a.xls'],
	['an Excel workbook', 'PK\x03\x04 xl/workbook.xml'],
	['a Word document', 'x', 'a.docx'],
	['a Word document', 'PK\x03\x04 word/document.xml'],
	['a PDF document', '%PDF-1.7'],
	['an SQLite database', 'SQLite format 3\0'],
	['a film', '\0\0\0\x20ftypisom'],
	['a film', '\x1aE\xdf\xa3'],
	['a sound', 'RIFF\0\0\0\0WAVE'],
	['a sound', 'ID3\x04'],
	['an archive that is not zip', 'BZh9'],
	['a web page', ' <!DOCTYPE html>'],
	['a pointer to a file', 'version https://git-lfs.github.com/spec/v1']
];

describe('formats that are known', () => {
	it.each(KNOWN.map(([what, head, path = 'x']) => [what, head, path] as const))(
		'%s: %j %s',
		async (what, head, path) => {
			expect(await describeHead(head, path)).toMatch(
				new RegExp(`^“${path}” is ${what}\\b.*, which the lab does not open\\.$`)
			);
		}
	);
	it('are none that only half look like it', async () => {
		const others: readonly (readonly [head: string, path?: string])[] = [
			['', 'a.onnx'],
			['PK\x03\x04'],
			['x', 'a.keras'],
			['\x08\x07 words'],
			['words of pytorch'],
			['TFL3'],
			['x', 'a.pt'],
			['x', 'data.pkl'],
			['x', 'graph.pb'],
			['x', 'a.pkl'],
			['\x80\x01'],
			['xl/workbook'],
			['word/'],
			['RIFF\0\0\0\0WEBP'],
			['\0\0\0\x20ftypwebp'],
			['GGUF\x03'],
			['\x40\0\0\0\0\0\0\0{"a']
		];
		for (const [head, path] of others) expect(await describeHead(head, path), JSON.stringify([head, path])).toBeNull();
		expect(await describeHead(`${' '.repeat(4096)}<html>`)).toBeNull();
		expect(await describeHead(`${' '.repeat(4090)}<html>`)).toMatch(/a web page/);
	});
});
