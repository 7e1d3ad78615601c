/** Gives a file to the user. */
export function saveFile(blob: Blob, name: string): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(blob);
	link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
