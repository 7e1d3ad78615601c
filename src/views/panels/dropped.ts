/** What was dropped, folders opened. */

interface Dropped {
	path: string;
	file: File;
}

const MOST = 20_000;

async function walk(entry: FileSystemEntry, path: string, found: Dropped[]): Promise<void> {
	if (found.length >= MOST) return;
	if (entry.isFile) {
		const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
		found.push({ path: path + entry.name, file });
		return;
	}
	const reader = (entry as FileSystemDirectoryEntry).createReader();
	for (;;) {
		// A reader gives at most a hundred entries at a time.
		const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (!entries.length) return;
		for (const inner of entries) await walk(inner, `${path}${entry.name}/`, found);
	}
}

export async function droppedFiles(data: DataTransfer): Promise<Dropped[]> {
	const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
	if (!entries.length) return [...data.files].map((file) => ({ path: file.name, file }));
	const found: Dropped[] = [];
	for (const entry of entries) await walk(entry, '', found);
	return found;
}
