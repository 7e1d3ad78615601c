import type { DrawCommand, Regl } from 'regl';
import type { PointsRequest } from '#contracts/planes.ts';
import { given, passed } from '#draw/fullscreen.ts';

/** Points over a map: discs and diamonds with a light edge, some with a ring that is seen on any ground. */

/** Half the square that a point and its ring are drawn in, in CSS pixels beyond its radius. */
const RIM = 5;

const VERTEX = `
	precision highp float;
	attribute vec2 corner;
	attribute vec2 position;
	attribute vec4 mark;
	uniform vec2 size;
	uniform float pixel;
	uniform float radius;
	varying vec2 away;
	varying vec4 style;
	void main() {
		away = corner * (radius + ${RIM}.0);
		style = mark;
		gl_Position = vec4((position * size + away * pixel) / size * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
	}
`;

/** Distances in CSS pixels, edges a device pixel wide. */
const FRAGMENT = `
	precision highp float;
	varying vec2 away;
	varying vec4 style;
	uniform float pixel;
	uniform float radius;
	float within(float edge, float far) {
		return clamp((edge - far) * pixel + 0.5, 0.0, 1.0);
	}
	void main() {
		float kind = floor(style.w + 0.5);
		float round = length(away);
		float far = mod(kind, 2.0) > 0.5 ? (abs(away.x) + abs(away.y)) * 0.74 : round;
		float off = abs(round - radius - 2.4);
		float ring = kind > 1.5 ? within(1.6, off) : 0.0;
		float body = within(radius + 0.5, far);
		vec3 colour = mix(vec3(1.0), vec3(0.067), within(0.7, off) * ring);
		colour = mix(colour, mix(vec3(1.0), style.rgb / 255.0, within(radius - 0.5, far)), body);
		float alpha = max(body, ring);
		if (alpha <= 0.0) discard;
		gl_FragColor = vec4(colour * alpha, alpha);
	}
`;

/** @returns draws them over what is there */
export function planePoints(regl: Regl): (request: PointsRequest) => void {
	const [positions, marks] = [1, 2].map(() => regl.buffer({ usage: 'stream', type: 'float', length: 4 }));
	const draw: DrawCommand = regl({
		vert: VERTEX,
		frag: FRAGMENT,
		attributes: {
			corner: [
				[-1, -1],
				[1, -1],
				[-1, 1],
				[1, 1]
			],
			position: { buffer: positions, divisor: 1 },
			mark: { buffer: marks, divisor: 1 }
		},
		primitive: 'triangle strip',
		count: 4,
		instances: given(regl, 'instances'),
		depth: { enable: false },
		blend: { enable: true, func: { src: 1, dst: 'one minus src alpha' } },
		uniforms: passed(regl, 'size pixel radius')
	});
	return ({ points, width, height, pixel }) => {
		const instances = points.marks.length / 4;
		if (!instances) return;
		positions?.(points.positions);
		marks?.(points.marks);
		draw({ instances, size: [width, height], pixel, radius: points.radius });
	};
}
