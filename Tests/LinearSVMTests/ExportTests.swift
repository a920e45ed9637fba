import Foundation
import Testing

@testable import LinearSVM

@Suite struct ExportTests {
  private func model() throws -> Model {
    var generator = Generator(seed: 101)
    return try train(
      TrainingSet(generator.examples(40)), options: .init(representation: .naiveBayes)
    ).model
  }

  @Test func `decimals come back as the same bits`() {
    var generator = Generator(seed: 102)
    let ends: [Double] = [
      0, -0.0, 1, -1, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p-1022, 123_456,
    ]
    let random = (0..<300).map { _ in Double(bitPattern: generator.bits()) }.filter(\.isFinite)
    for number in ends + random + (0..<300).map({ _ in generator.unit() - 0.5 }) {
      var writer = TextWriter()
      writer.writeExactly(number)
      let text = String(decoding: writer.bytes, as: UTF8.self)
      #expect(Double(text)?.bitPattern == number.bitPattern, "seed 102, \(text)")
    }
  }

  @Test func `LIBLINEAR's text holds every weight and the bias last`() throws {
    let model = try model()
    let text = String(decoding: model.exported(as: .liblinear), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "w"))
    let numbers = lines[(start + 1)...].map { Double($0.trimmingCharacters(in: .whitespaces)) }
    #expect(numbers == (model.weights + [model.bias]).map { Optional($0) })
    #expect(lines.contains("nr_feature \(model.terms.count)"))
  }

  @Test func `safetensors holds the bits where its header says`() throws {
    let model = try model()
    let file = model.exported(as: .safetensors)
    var reader = ByteReader(file)
    let length = Int(try reader.number(UInt64.self))
    #expect(length % 8 == 0)
    let header = try JSONSerialization.jsonObject(with: Data(try reader.raw(length)))
    let tensors = try #require(header as? [String: [String: Any]])
    for (name, values) in [
      ("weight", model.weights), ("bias", [model.bias]), ("value", model.termValues),
    ] {
      let offsets = try #require(tensors[name]?["data_offsets"] as? [Int])
      #expect(tensors[name]?["dtype"] as? String == "F64")
      #expect(tensors[name]?["shape"] as? [Int] == [values.count])
      var writer = ByteWriter()
      for value in values { writer.write(value) }
      #expect(Array(file[(8 + length + offsets[0])..<(8 + length + offsets[1])]) == writer.bytes)
    }
  }

  @Test func `JSON lists the terms with their weights`() throws {
    let model = try model()
    struct Listed: Decodable {
      struct Term: Decodable, Equatable { var term: String, weight: Double, value: Double }
      var bias: Double
      var terms: [Term]
    }
    let listed = try JSONDecoder().decode(Listed.self, from: Data(model.exported(as: .json)))
    #expect(listed.bias == model.bias)
    #expect(
      listed.terms
        == model.terms.indices.map {
          .init(
            term: String(decoding: model.terms[$0], as: UTF8.self), weight: model.weights[$0],
            value: model.termValues[$0])
        })
  }

  @Test func `a model file is its own export`() throws {
    let model = try model()
    #expect(try Model(decoding: model.exported(as: .senko)) == model)
  }

  /// `liblinear-predict` prints the label of a classifier and the value of a regression, so that the same
  /// weights under a regression's head show their scores to the last digit.
  @Test(arguments: Representation.allCases)
  func `LIBLINEAR gives the same labels and scores`(representation: Representation) throws {
    var generator = Generator(seed: 103)
    let model = try train(
      TrainingSet(generator.examples(60)), options: .init(representation: representation)
    ).model
    let applicants = generator.examples(50, vocabulary: 90)
    let scores = applicants.map { model.score($0.terms).total }
    let rows = applicants.map { row($0, of: model) }.joined(separator: "\n") + "\n"
    let text = String(decoding: model.exported(as: .liblinear), as: UTF8.self)
    let labels = try predict(rows, by: text)
    #expect(labels == scores.map { $0 > 0 ? 1 : -1 }, "seed 103")
    let regression = text.replacing("L2R_L2LOSS_SVC_DUAL", with: "L2R_L2LOSS_SVR")
      .replacing("label 1 -1\n", with: "")
    for (theirs, ours) in zip(try predict(rows, by: regression), scores) {
      #expect((theirs - ours).magnitude < 1e-12, "seed 103")
    }
  }

  /// An applicant as LIBLINEAR reads one, made as the documentation of an export says.
  private func row(_ example: Example, of model: Model) -> String {
    var counts: [Int: UInt32] = [:]
    for (term, count) in example.terms {
      if let index = model.terms.index(of: term) { counts[index, default: 0] += count }
    }
    let entries = counts.sorted { $0.key < $1.key }.map { index, count in
      let value =
        switch model.representation {
        case .binary: 1.0
        case .logTF: 1 + log(Double(count))
        case .naiveBayes: model.termValues[index]
        }
      return (index, value)
    }
    let length = entries.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    return "1 " + entries.map { "\($0.0 + 1):\($0.1 / length)" }.joined(separator: " ")
  }

  private func predict(_ rows: String, by model: String) throws -> [Double] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("senko-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["rows", "model", "out"].map { folder.appendingPathComponent($0) }
    try Data(rows.utf8).write(to: paths[0])
    try Data(model.utf8).write(to: paths[1])
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/liblinear-predict")
    process.arguments = paths.map(\.path)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try String(contentsOf: paths[2], encoding: .utf8).split(separator: "\n").compactMap {
      Double($0)
    }
  }
}
