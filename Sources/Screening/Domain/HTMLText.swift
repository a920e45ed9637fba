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
  svg { max-width: 30rem; width: 100% } pre { white-space: pre-wrap; overflow-wrap: anywhere }
  @media print { body { margin: 0; max-width: none } tr, svg { break-inside: avoid } h2 { break-after: avoid } }
  </style>
  \(body)</html>

  """
}

/// A table, with a head unless there is none.
func htmlTable(head: [String] = [], _ rows: [[String]]) -> String {
  func row(_ cells: [String], _ tag: String) -> String {
    "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
  }
  return "<table>\n" + (head.isEmpty ? "" : "<thead>" + row(head, "th") + "</thead>\n")
    + rows.map { row($0, "td") }.joined() + "</table>\n"
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
