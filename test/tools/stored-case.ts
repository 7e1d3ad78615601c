/** Files of test/cases that other programs wrote, in Node and in the browser alike. */
const addresses = import.meta.glob<string>(['../cases/keras/*.{h5,keras}', '../cases/weights/*.{pt,pth,ckpt}'], {
	query: '?url&inline',
	import: 'default'
});

/** @param path below test/cases */
export async function storedCase(path: string): Promise<Uint8Array<ArrayBuffer>> {
	const address = await addresses[`../cases/${path}`]!();
	return new Uint8Array(await (await fetch(address)).arrayBuffer());
}
