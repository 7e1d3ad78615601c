import type { SourceFile } from '#contracts/source.ts';

/** A zip of the files as they are, piece by piece: nothing is compressed, and the page is not held up. */
export async function zipped(files: readonly SourceFile[]): Promise<Blob> {
	const { Zip, ZipPassThrough } = await import('fflate');
	const pieces: BlobPart[] = [];
	const zip = new Zip((error, piece) => {
		if (error) throw error;
		pieces.push(piece as Uint8Array<ArrayBuffer>);
	});
	for (const { path, blob } of files) {
		const member = new ZipPassThrough(path);
		zip.add(member);
		const reader = blob.stream().getReader();
		for (let read = await reader.read(); !read.done; read = await reader.read()) member.push(read.value);
		member.push(new Uint8Array(0), true);
	}
	zip.end();
	return new Blob(pieces, { type: 'application/zip' });
}
