import type { Texture2D } from 'regl';
import type { DrawApi, FieldPortMessage } from '#contracts/draw.ts';
import type { SentField } from '#contracts/field.ts';
import { atlasCommand } from '#draw/atlas.ts';
import { fieldTexture, valuesOf, type FieldTexture } from '#draw/field-texture.ts';
import { GraphPicture, graphTools, type GraphTools } from '#draw/graph.ts';
import { regionsTools, RegionsTexture, type RegionsTools } from '#draw/map-regions.ts';
import { heatmapCommand } from '#draw/heatmap.ts';
import { networkFields, type NetworkFields } from '#draw/network-field.ts';
import { planePoints } from '#draw/plane-points.ts';
import { regionGridCommand } from '#draw/region-grid.ts';
import { regionsCommand } from '#draw/regions.ts';
import { surfaceCommand } from '#draw/surface-picture.ts';
import { ScatterPicture, scatterTools, Sprites, type ScatterTools } from '#draw/scatter.ts';
import { Store } from '#draw/store.ts';
import { Surface } from '#draw/surface.ts';
import { scaleBytes, scaleColours, scales } from '#maths/colour.ts';
import { planesOf } from '#maths/playground/field.ts';
import { serve, Transferred } from '#workers/rpc.ts';

/** The thread of the pictures. Images and fields are kept as they came, so that a lost context can be filled again. */

interface Picture {
	bitmap: ImageBitmap;
	/** Of the image itself: the bitmap may be smaller. */
	width: number;
	height: number;
	texture: Texture2D | null;
}

/** A field that was sent here, or is worked out here: it can be made again when the context is lost. */
interface Map {
	width: number;
	height: number;
	sent: SentField | null;
	make(): FieldTexture | null;
	texture: FieldTexture | null;
}

const images = new Store<Picture>(({ bitmap, texture }) => {
	texture?.destroy();
	bitmap.close();
});
const fields = new Store<Map>(({ sent, texture }) => {
	texture?.free();
	if (sent?.payload.kind === 'bits') sent.payload.bitmap.close();
});
const graphs = new Store<GraphPicture>((graph) => graph.destroy());
const scatters = new Store<ScatterPicture>((scatter) => scatter.destroy());
const sprites = new Store<Sprites>((own) => own.destroy());
const regionTextures = new Store<RegionsTexture>((decisionRegions) => decisionRegions.destroy());
const scaleTextures: Record<string, Texture2D> = {};
let draw: ReturnType<typeof heatmapCommand> | null = null;
let drawAtlas: ReturnType<typeof atlasCommand> | null = null;
let drawRegions: ReturnType<typeof regionsCommand> | null = null;
let drawPoints: ReturnType<typeof planePoints> | null = null;
let drawSurface: ReturnType<typeof surfaceCommand> | null = null;
let networks: NetworkFields | null = null;
let drawRegionGrid: ReturnType<typeof regionGridCommand> | null = null;
let tools: GraphTools | null = null;
let scatterWith: ScatterTools | null = null;
let regionsWith: RegionsTools | null = null;

const surface = new Surface(() => {
	// The context is gone, and all textures with it.
	draw =
		drawAtlas =
		drawRegions =
		drawPoints =
		drawSurface =
		drawRegionGrid =
		networks =
		tools =
		scatterWith =
		regionsWith =
			null;
	for (const kept of [graphs, scatters, sprites, regionTextures]) for (const thing of kept.values()) thing.forget();
	for (const id of Object.keys(scaleTextures)) delete scaleTextures[id];
	for (const picture of images.values()) picture.texture = null;
	for (const map of fields.values()) map.texture = null;
});

function scaleTexture(id: string): Texture2D {
	return (scaleTextures[id] ??= surface.regl.texture({
		data: scaleBytes(id, 256),
		width: 256,
		height: 1,
		min: 'nearest',
		mag: 'nearest'
	}));
}

function textureOf(map: Map): FieldTexture {
	map.texture ??= map.make();
	if (!map.texture) throw new DOMException('This field cannot be made again.', 'AbortError');
	return map.texture;
}

interface Scene<Request> {
	request: Request;
	field: FieldTexture;
	scale: Texture2D;
}
type OfField = { field: string; scale: string; width: number; height: number };

/** A picture of one field. */
async function ofField<Request extends OfField>(
	request: Request,
	command: (regl: Surface['regl']) => (scene: Scene<Request>) => void
): Promise<Transferred<ImageBitmap>> {
	const map = await fields.get(request.field);
	surface.resize(request.width, request.height);
	surface.regl.poll();
	command(surface.regl)({ request, field: textureOf(map), scale: scaleTexture(request.scale) });
	const picture = surface.picture();
	return new Transferred(picture, [picture]);
}

const api: Parameters<typeof serve<DrawApi>>[1] = {
	scales(n) {
		return Promise.resolve(scales.map((scale) => ({ ...scale, colours: scaleColours(scale.id, n) })));
	},

	async putImage(key, bitmap) {
		const { width, height } = bitmap;
		const share = Math.min(1, surface.limit / Math.max(width, height));
		const fitting =
			share < 1
				? await createImageBitmap(bitmap, {
						resizeWidth: Math.floor(width * share),
						resizeHeight: Math.floor(height * share)
					})
				: bitmap;
		if (fitting !== bitmap) bitmap.close();
		images.put(key, { bitmap: fitting, width, height, texture: null });
	},

	drop(keys) {
		for (const key of keys) {
			images.drop(key);
			fields.drop(key);
			graphs.drop(key);
			scatters.drop(key);
			sprites.drop(key);
			regionTextures.drop(key);
		}
	},

	async heatmap(request) {
		const [image, map] = await Promise.all([
			request.image ? images.get(request.image) : null,
			request.field ? fields.get(request.field) : null
		]);
		const { regl } = surface;
		surface.resize(request.width, request.height);
		regl.poll();
		if (image)
			image.texture ??= regl.texture({
				data: image.bitmap as never,
				min: 'linear',
				mag: 'nearest',
				premultiplyAlpha: false
			});
		const field = map && textureOf(map);
		draw ??= heatmapCommand(regl);
		const scene = image?.texture ? { texture: image.texture, width: image.width, height: image.height } : null;
		draw({ request, image: scene, field, scale: scaleTexture(request.scale) });
		const picture = surface.picture();
		return new Transferred(picture, [picture]);
	},

	atlas: (request) => ofField(request, (regl) => (drawAtlas ??= atlasCommand(regl))),
	regions: (request) => ofField(request, (regl) => (drawRegions ??= regionsCommand(regl))),
	points(request) {
		surface.resize(request.width, request.height);
		surface.regl.poll();
		surface.regl.clear({ color: [0, 0, 0, 0] });
		(drawPoints ??= planePoints(surface.regl))(request);
		const picture = surface.picture();
		return new Transferred(picture, [picture]);
	},
	regionGrid: (request) => ofField(request, (regl) => (drawRegionGrid ??= regionGridCommand(regl))),
	surface: (request) => ofField(request, (regl) => (drawSurface ??= surfaceCommand(regl))),

	networkField(network, request, key, finished) {
		const count = planesOf(network, request);
		const { width, height } = request;
		const make = () => (networks ??= networkFields(surface.regl))(network, request, finished);
		const texture = make();
		if (texture) fields.put(key, { width, height: height * count, sent: null, make, texture });
		return texture ? { key, width, height, count } : null;
	},

	putGraph(key, geometry) {
		graphs.put(key, new GraphPicture(geometry));
	},

	async inkGraph(key, ink) {
		(await graphs.get(key)).ink = ink;
	},

	async graph(request) {
		const graph = await graphs.get(request.graph);
		const { regl } = surface;
		surface.resize(request.width, request.height);
		regl.poll();
		graph.draw((tools ??= graphTools(regl)), request);
		const picture = surface.picture();
		return new Transferred(picture, [picture]);
	},

	putScatter(key, positions, dimensions) {
		// A map that forms keeps its colours.
		if (!scatters.now(key)?.move(positions, dimensions)) scatters.put(key, new ScatterPicture(positions, dimensions));
	},

	async inkScatter(key, ink) {
		(await scatters.get(key)).ink = ink;
	},

	putSprites(key, sheets) {
		sprites.put(key, new Sprites(sheets));
	},

	putRegions(key, picture) {
		regionTextures.put(key, new RegionsTexture(picture));
	},

	async scatter(request) {
		const scatter = await scatters.get(request.scatter);
		const pictures = request.thumbnails ? await sprites.get(request.thumbnails.sprites) : null;
		const others = {
			to: request.transition ? (scatters.now(request.transition.to) ?? null) : null,
			ink: request.ink ? (scatters.now(request.ink) ?? null) : null
		};
		const { regl } = surface;
		const display = request.decisionRegions;
		const decisionRegions = display && request.dimensions === 2 ? regionTextures.now(display.key) : null;
		surface.resize(request.width, request.height);
		regl.poll();
		scatter.draw(
			(scatterWith ??= scatterTools(regl)),
			request,
			pictures,
			others,
			decisionRegions && display
				? () => decisionRegions.draw(regl, (regionsWith ??= regionsTools(regl)), display, request)
				: undefined
		);
		const picture = surface.picture();
		return new Transferred(picture, [picture]);
	},

	async values(key) {
		const map = await fields.get(key);
		const { width, height, sent } = map;
		if (sent?.payload.kind === 'array') return { width, height, values: sent.payload.values.slice() };
		const values = valuesOf(surface.regl, textureOf(map));
		return new Transferred({ width, height, values }, [values.buffer]);
	}
};

serve<DrawApi>(self as never, api);

self.addEventListener('message', ({ data }: MessageEvent<FieldPortMessage>) => {
	if (data.type !== 'field-port') return;
	data.port.onmessage = ({ data: sent }: MessageEvent<SentField>) => {
		const { key, width, height } = sent;
		fields.put(key, { width, height, sent, make: () => fieldTexture(surface.regl, sent), texture: null });
	};
});
