import type { DrawCommand, Regl } from 'regl';
import type { SurfacePoints, SurfaceRequest } from '#contracts/planes.ts';
import { given, passed } from '#draw/fullscreen.ts';

/** What stands around and on a surface: the edges of its box, and points with their sticks. */

/** Half the square that a point and its ring are drawn in, in radii. */
const REACH = 2;

/** Numbers of a point's corner: position, end of its stick or height, corner, colour, mark. */
const STRIDE = 9;

const POINT = {
	vert: `
		precision highp float;
		attribute vec3 position;
		attribute vec2 corner;
		attribute vec4 mark;
		varying vec2 away;
		varying vec4 style;
		uniform mat4 camera;
		uniform vec2 size;
		uniform float pixel;
		uniform float radius;
		void main() {
			away = corner * ${REACH}.0 * radius * pixel;
			style = mark;
			gl_Position = camera * vec4(position, 1.0);
			gl_Position.xy += away * 2.0 / size * gl_Position.w;
			// A point on the surface is before it.
			gl_Position.z -= 0.02 * gl_Position.w;
		}
	`,
	frag: `
		precision highp float;
		varying vec2 away;
		varying vec4 style;
		uniform float pixel;
		uniform float radius;
		uniform float strength;
		void main() {
			float kind = floor(style.w + 0.5);
			bool diamond = mod(kind, 2.0) > 0.5;
			bool ringed = kind > 1.5;
			float far = (diamond ? (abs(away.x) + abs(away.y)) * 0.78 : length(away)) / pixel;
			float round = length(away) / pixel;
			float body = clamp(radius + 0.8 - far + 0.5, 0.0, 1.0);
			float inner = clamp(radius - 0.4 - far + 0.5, 0.0, 1.0);
			float ring = ringed ? clamp(0.7 - abs(round - radius - 2.4) + 0.5, 0.0, 1.0) : 0.0;
			float alpha = max(body, ring);
			if (alpha < 0.3) discard;
			vec3 colour = mix(mix(vec3(0.07), vec3(1.0), body), style.rgb / 255.0, inner);
			gl_FragColor = vec4(colour * alpha, alpha) * strength;
		}
	`
};

const LINE = {
	vert: `
		precision highp float;
		attribute vec3 position;
		uniform mat4 camera;
		void main() { gl_Position = camera * vec4(position, 1.0); }
	`,
	frag: `
		precision highp float;
		uniform vec4 ink;
		void main() { gl_FragColor = vec4(ink.rgb * ink.a, ink.a); }
	`
};

/** How strong what lies behind the surface is seen through it. */
const BEHIND = 0.45;

const BLEND = { enable: true, func: { src: 1, dst: 'one minus src alpha' } } as const;

/** The twelve edges of the box. */
const EDGES: readonly (readonly [number, number, number])[] = [
	...([0, 1] as const).flatMap((z) =>
		([-1, 1] as const).flatMap(
			(s) =>
				[
					[-1, s, z],
					[1, s, z],
					[s, -1, z],
					[s, 1, z]
				] as const
		)
	),
	...([-1, 1] as const).flatMap((x) =>
		([-1, 1] as const).flatMap(
			(y) =>
				[
					[x, y, 0],
					[x, y, 1]
				] as const
		)
	)
];

const CORNERS = [
	[-1, -1],
	[1, -1],
	[-1, 1],
	[-1, 1],
	[1, -1],
	[1, 1]
] as const;

/** Corners of all points within the plane, and the ends of their sticks. */
function pointCorners({ positions, marks }: SurfacePoints, [low, high]: readonly [number, number]) {
	const corners: number[] = [];
	const sticks: number[] = [];
	const raised = (height: number) => Math.min(1, Math.max(0, (height - low) / (high - low)));
	for (let i = 0; i < positions.length; i += 4) {
		const [right = 0, down = 0, height = 0, base = NaN] = positions.subarray(i, i + 4);
		if (!(right >= 0 && right <= 1 && down >= 0 && down <= 1)) continue;
		const [x, y, z] = [2 * right - 1, 1 - 2 * down, raised(height)];
		for (const corner of CORNERS) corners.push(x, y, z, ...corner, ...marks.subarray(i, i + 4));
		if (Number.isFinite(base)) sticks.push(x, y, z, x, y, raised(base));
	}
	return { corners: Float32Array.from(corners), sticks: Float32Array.from(sticks) };
}

/** @returns draws them over what is there, those that the surface is before first and faintly: a wrong point is to be seen */
export function surfaceMarks(regl: Regl): (request: SurfaceRequest) => void {
	const corners = regl.buffer({ usage: 'dynamic', type: 'float', length: 4 });
	const ends = regl.buffer({ usage: 'dynamic', type: 'float', length: 4 });
	const part = (offset: number) => ({ buffer: corners, stride: 4 * STRIDE, offset: 4 * offset });
	const depth = { enable: true, func: given(regl, 'func'), mask: given(regl, 'before') };
	const points: DrawCommand = regl({
		...POINT,
		depth,
		attributes: { position: part(0), corner: part(3), mark: part(5) },
		count: given(regl, 'count'),
		blend: BLEND,
		uniforms: passed(regl, 'camera size pixel radius strength')
	});
	const lines: DrawCommand = regl({
		...LINE,
		depth,
		attributes: { position: { buffer: ends, stride: 12, offset: 0 } },
		count: given(regl, 'count'),
		primitive: 'lines',
		blend: BLEND,
		uniforms: passed(regl, 'camera ink')
	});
	return ({ width, height, pixel, camera, heights, points: all, edges }) => {
		const ink = (alpha: number) => [...edges.map((v) => v / 255), alpha];
		const before = { func: 'less', before: true, strength: 1 };
		const behind = { func: 'greater', before: false, strength: BEHIND };
		ends(Float32Array.from(EDGES.flat()));
		lines({ camera: [...camera], count: EDGES.length, ink: ink(0.55), ...before });
		if (!all) return;
		const made = pointCorners(all, heights);
		ends(made.sticks);
		corners(made.corners);
		for (const where of [behind, before]) {
			if (made.sticks.length)
				lines({ camera: [...camera], count: made.sticks.length / 3, ink: ink(0.8 * where.strength), ...where });
			if (!made.corners.length) continue;
			points({
				camera: [...camera],
				count: made.corners.length / STRIDE,
				size: [width, height],
				pixel,
				radius: all.radius,
				...where
			});
		}
	};
}
