import { parseLabels } from '#maths/labels.ts';
import { isImage } from '#state/images.ts';

export interface DroppedFile {
	path: string;
	file: Blob;
}

export interface SortedFiles {
	images: DroppedFile[];
	/** All that may belong to a model, label files among them. */
	model: DroppedFile[] | null;
	/** Class names on their own. */
	labels: string[] | null;
}

const MODEL_JSON = /"(modelTopology|weightsManifest|model_config|class_name)"/;

/** Tells what was dropped by looking into it: images, a model, or class names alone. */
export async function sortFiles(files: readonly DroppedFile[]): Promise<SortedFiles> {
	const images: DroppedFile[] = [];
	const rest: DroppedFile[] = [];
	let labels: string[] | null = null;
	let model = false;
	for (const entry of files) {
		const { path, file } = entry;
		if (await isImage(file)) images.push(entry);
		// What calls itself an image and is none is told so, not taken for a model.
		else if (file.type.startsWith('image/')) images.push(entry);
		else {
			rest.push(entry);
			if (file.size > 64 << 20 || !/\.(txt|json|names|csv)$/i.test(path)) model = true;
			else {
				const text = await file.text();
				const found = MODEL_JSON.test(text) ? null : parseLabels(text);
				if (found) labels ??= found;
				else model = true;
			}
		}
	}
	return { images, model: model ? rest : null, labels };
}
