import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, test } from 'vitest'
import { readDrawing } from '../../../../src/ingest/parsers/pdf/pdf-drawing.js'

const shown = { width: 100, height: 200, transform: [1, 0, 0, -1, 0, 200] }
const read = (...operations: [number, unknown?][]) =>
  readDrawing(
    { fnArray: operations.map(([code]) => code), argsArray: operations.map(([, args]) => args ?? null) },
    shown,
  )
const path = (operation: number, ...numbers: number[]): [number, unknown] => [
  OPS.constructPath,
  [operation, [new Float32Array(numbers)], null],
]
const rectangle = (x: number, y: number, right: number, top: number) => [
  0,
  x,
  y,
  1,
  right,
  y,
  1,
  right,
  top,
  1,
  x,
  top,
  3,
]

describe('readDrawing', () => {
  test('reads strokes and thin filled bars as rulings, under every transformation', () => {
    expect(read(path(OPS.stroke, 0, 10, 20, 1, 60, 20)).rulings).toEqual([
      { isVertical: false, at: 180, from: 10, to: 60 },
    ])
    const bar = path(OPS.fill, ...rectangle(30, 50, 31, 90))
    expect(read(bar).rulings).toEqual([{ isVertical: true, at: 30.5, from: 110, to: 150 }])
    const scaled = read([OPS.save], [OPS.transform, [2, 0, 0, 2, 5, 0]], bar, [OPS.restore], bar).rulings
    expect(scaled).toEqual([
      { isVertical: true, at: 66, from: 20, to: 100 },
      { isVertical: true, at: 30.5, from: 110, to: 150 },
    ])
  })

  test('takes filled areas, slanted lines, curves and clip paths for no rulings', () => {
    const { rulings } = read(
      path(OPS.fill, ...rectangle(0, 0, 50, 50)),
      path(OPS.stroke, 0, 0, 0, 1, 50, 50),
      path(OPS.stroke, 0, 0, 0, 2, 10, 0, 20, 0, 30, 0),
      path(OPS.endPath, ...rectangle(0, 0, 50, 1)),
    )
    expect(rulings).toEqual([])
  })

  test('measures pictures by the place that pdf.js leaves of them, strips and overlaps counted once', () => {
    const strip = (y: number): [number, unknown?][] => [
      [OPS.save],
      [OPS.transform, [100, 0, 0, 50, 0, y]],
      [OPS.restore],
    ]
    expect(read(...strip(0), ...strip(50), ...strip(25)).pictureShare).toBeCloseTo(0.5)
    const text: [number, unknown?][] = [
      [OPS.save],
      [OPS.transform, [100, 0, 0, 100, 0, 0]],
      [OPS.beginText],
      [OPS.restore],
    ]
    expect(read(...text).pictureShare).toBe(0)
  })

  test('counts what is not shown', () => {
    const glyphs = [{ unicode: 'a' }, { unicode: 'b' }]
    const operations: [number, unknown?][] = [[OPS.save], [OPS.setTextRenderingMode, [3]], [OPS.showText, [glyphs]]]
    expect(read(...operations).hiddenShare).toBe(1)
    expect(read(...operations, [OPS.restore], [OPS.showText, [glyphs]]).hiddenShare).toBe(0.5)
  })
})
