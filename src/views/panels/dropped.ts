/** What was dropped, folders opened. */
import type { Attachment } from 'svelte/attachments';

interface Dropped {
	path: string;
	file: File;
}

const MAX_FILES = 20_000;

async function walk(entry: FileSystemEntry, path: string, found: Dropped[]): Promise<void> {
	if (found.length >= MAX_FILES) return;
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

export const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * An element where dropped files are for itself, not for the page; it has the class `over` while they are above it.
 * @param take gets what was dropped, if anything was
 */
export function takesFiles(take: (files: Dropped[]) => void): Attachment<HTMLElement> {
	return (element) => {
		const own = (event: DragEvent): boolean => {
			if (!hasFiles(event)) return false;
			event.preventDefault();
			event.stopPropagation();
			element.classList.toggle('over', event.type === 'dragover');
			return true;
		};
		const events = {
			dragover: own,
			dragleave: () => element.classList.remove('over'),
			drop: async (event: DragEvent) => {
				if (!own(event) || !event.dataTransfer) return;
				const files = await droppedFiles(event.dataTransfer);
				if (files.length) take(files);
			}
		};
		const listeners = Object.entries(events) as [keyof HTMLElementEventMap, EventListener][];
		for (const [name, listen] of listeners) element.addEventListener(name, listen);
		return () => {
			for (const [name, listen] of listeners) element.removeEventListener(name, listen);
		};
	};
}
