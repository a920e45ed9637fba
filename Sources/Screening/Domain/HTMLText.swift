/// A page that needs nothing else: no script, no other file; made to be printed as well.
func htmlPage(title: String, in language: CardLanguage, body: String) -> String {
  """
  <!doctype html>
  <html lang="\(language.rawValue)">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>\(escaped(title))</title>
  <style>
  body { font-family: sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .2rem .8rem .2rem 0 }
  th { text-align: left; font-weight: normal; color: #555 } td { overflow-wrap: anywhere }
  td, th { vertical-align: top } thead th { border-bottom: 1px solid #999 }
  thead th, td:first-child { white-space: nowrap }
  svg { max-width: 30rem; width: 100% } pre { white-space: pre-wrap; overflow-wrap: anywhere }
  @media print { body { margin: 0; max-width: none } tr, svg { break-inside: avoid } h2 { break-after: avoid } }
  </style>
  \(body)</html>

  """
}

/// A table under a head; the cells of the head and of the first column keep to one line.
func htmlTable(head: [String], _ rows: [[String]]) -> String {
  func row(_ cells: [String], _ tag: String) -> String {
    "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
  }
  return "<table>\n<thead>" + row(head, "th") + "</thead>\n"
    + rows.map { row($0, "td") }.joined() + "</table>\n"
}

/// Names with values, a row each.
func htmlFacts(_ facts: [(name: CardText, value: String)], in language: CardLanguage) -> String {
  "<table>\n"
    + facts.map {
      "<tr><th>\(escaped($0.name(language)))</th><td>\(escaped($0.value))</td></tr>\n"
    }.joined() + "</table>\n"
}

/// Text that a page shows as it stands.
func escaped(_ text: String) -> String {
  var escaped = ""
  for character in text.unicodeScalars {
    switch character {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    default: escaped.unicodeScalars.append(character)
    }
  }
  return escaped
}
