/** A drawn chart as a file of its own: all colours written out, nothing left to the page. */

/** The SVG with the colours that the page's tokens have now, on the page's ground. */
export function standaloneSvg(svg: SVGSVGElement, title: string): string {
	const copy = svg.cloneNode(true) as SVGSVGElement;
	const probe = document.createElement('span');
	svg.parentElement?.append(probe);
	const resolved = (css: string) => {
		probe.style.color = css;
		return getComputedStyle(probe).color;
	};
	const [text, background, family] = [
		resolved('var(--text)'),
		resolved('var(--panel)'),
		getComputedStyle(probe).fontFamily
	];
	copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
	copy.style.color = text;
	copy.style.background = background;
	copy.style.fontFamily = family;
	const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
	name.textContent = title;
	copy.prepend(name);
	const serialised = new XMLSerializer().serializeToString(copy);
	const written = serialised.replace(/var\((--[\w-]+)(?:,[^()]*)?\)/g, (all, token: string) =>
		token.startsWith('--plot') ? background : resolved(all)
	);
	probe.remove();
	return written;
}

/** At twice the size on the page. */
export async function rasterised(svg: string, width: number, height: number): Promise<Blob> {
	const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
	try {
		const image = new Image();
		image.src = url;
		await image.decode();
		const canvas = document.createElement('canvas');
		[canvas.width, canvas.height] = [2 * width, 2 * height];
		const context = canvas.getContext('2d') as CanvasRenderingContext2D;
		context.drawImage(image, 0, 0, canvas.width, canvas.height);
		return await new Promise((resolve, reject) =>
			canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The chart could not be drawn.'))), 'image/png')
		);
	} finally {
		URL.revokeObjectURL(url);
	}
}
