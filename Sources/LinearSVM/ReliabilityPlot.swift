extension Metrics {
  /// A reliability diagram as SVG: for each bin the share of OK above the mean probability.
  ///
  /// The diagonal is where promised and found agree; a bar is the 90 % interval (Wilson 1927) of the share. Axis texts
  /// are in Japanese and English.
  public func reliabilityPlot() -> [UInt8] {
    var svg = TextWriter()
    svg.write("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 1200\" ")
    svg.write("font-family=\"sans-serif\" font-size=\"30\">\n")
    svg.write("<rect width=\"1200\" height=\"1200\" fill=\"#fff\"/>\n")
    svg.write(
      "<rect x=\"120\" y=\"80\" width=\"1000\" height=\"1000\" fill=\"none\" stroke=\"#333\"/>\n")
    svg.write("<path d=\"M120 1080L1120 80\" stroke=\"#999\" stroke-dasharray=\"12 8\"/>\n")
    let threshold = 120 + aboveThreshold.threshold / 10
    svg.write("<path d=\"M")
    svg.write(threshold)
    svg.write(" 80V1080\" stroke=\"#b60\"/>\n")
    for tenth in 0...5 {
      svg.tick(x: 120 + 200 * tenth, y: 1_120, percent: 20 * tenth, anchor: "middle")
      svg.tick(x: 108, y: 1_090 - 200 * tenth, percent: 20 * tenth, anchor: "end")
    }
    svg.write("<text x=\"620\" y=\"1170\" text-anchor=\"middle\">")
    svg.write("予測した OK の割合 / predicted share of OK (%)</text>\n")
    svg.write("<text transform=\"translate(36 580) rotate(-90)\" text-anchor=\"middle\">")
    svg.write("実際の OK の割合 / observed share of OK (%)</text>\n")
    for bin in reliability where bin.count > 0 { svg.mark(bin) }
    svg.write("</svg>\n")
    return svg.bytes
  }
}

extension TextWriter {
  fileprivate mutating func tick(x: Int, y: Int, percent: Int, anchor: StaticString) {
    write("<text x=\"")
    write(x)
    write("\" y=\"")
    write(y)
    write("\" text-anchor=\"")
    write(anchor)
    write("\">")
    write(percent)
    write("</text>\n")
  }

  fileprivate mutating func mark(_ bin: ReliabilityBin) {
    let x = 120 + Elementary.nearest(1_000 * bin.predicted)
    let interval = bin.interval
    write("<path d=\"M")
    write(x)
    write(" ")
    write(1_080 - Elementary.nearest(1_000 * interval.lower))
    write("V")
    write(1_080 - Elementary.nearest(1_000 * interval.upper))
    write("\" stroke=\"#246\" stroke-width=\"4\"/>\n<circle cx=\"")
    write(x)
    write("\" cy=\"")
    write(1_080 - Elementary.nearest(1_000 * Double(bin.ok) / Double(bin.count)))
    write("\" r=\"10\" fill=\"#246\"><title>")
    write(bin.ok)
    write(" / ")
    write(bin.count)
    write("</title></circle>\n")
  }
}
