/** Units that people write behind the numbers of a column. Not `k` and `M`, which multiply. */

const UNITS = new Set(
	(
		'nm µm um mm cm dm m km in inch ft yd mi ng µg ug mg g kg t lb lbs oz ns µs us ms s sec min h hr hrs d days yr years ' +
		'Hz kHz MHz GHz B KB kB MB GB TB W kW MW kWh J kJ cal kcal N V mV A mA Ω kΩ °C °F °K °C K ° deg rad Pa hPa kPa bar mbar ' +
		'psi mmHg l L ml mL gal m2 m² km² km2 ha m3 m³ cc km/h m/s mph kph mpg hp rpm dB ppm px pt EUR USD GBP CHF bpm'
	).split(' ')
);

const MEASURED = /^(\S*\d) ?([^\s\d.,]\S{0,5})$/;

/** `1.5 cm` -> `1.5` and `cm`; null where no known unit follows a number. */
export function measured(cell: string): { number: string; unit: string } | null {
	const [, number, unit] = MEASURED.exec(cell) ?? [];
	return number !== undefined && unit !== undefined && UNITS.has(unit) ? { number, unit } : null;
}
