/// A model in the formats of other programs.
///
/// They all hold the same numbers, bit for bit.
public enum ModelExport: String, Sendable, CaseIterable {
  /// The model file itself.
  case senko
  /// LIBLINEAR's text format (README of LIBLINEAR 2.50, "model"); the terms are not in it.
  case liblinear
  /// safetensors with 64-bit floats: `weight`, `bias`, and `value` for naive Bayes.
  case safetensors
  /// JSON with every term, for reading.
  case json
}

extension Model {
  /// The bytes of an export.
  ///
  /// Features are numbered in the order of ``terms``, in LIBLINEAR's format from 1. A row for them is
  /// made as ``Representation`` says: the value of each known term, the row then scaled to length 1; for
  /// naive Bayes that value stands beside the weight, since the labels gave it.
  public func exported(as format: ModelExport) -> [UInt8] {
    switch format {
    case .senko: encoded()
    case .liblinear: liblinearText()
    case .safetensors: safetensors()
    case .json: json()
    }
  }

  private func liblinearText() -> [UInt8] {
    var text = TextWriter()
    text.write("solver_type L2R_L2LOSS_SVC_DUAL\nnr_class 2\nlabel 1 -1\nnr_feature ")
    text.write(terms.count)
    text.write("\nbias 1\nw\n")
    for weight in weights + [bias] {
      text.writeExactly(weight)
      text.write(" \n")
    }
    return text.bytes
  }

  private func safetensors() -> [UInt8] {
    var tensors = [("bias", [bias]), ("weight", weights)]
    if representation == .naiveBayes { tensors.insert(("value", termValues), at: 1) }
    var header = TextWriter()
    header.write("{\"__metadata__\":{\"algorithm\":\"")
    header.write(algorithm)
    header.write("\",\"representation\":\"")
    header.write(representation.slug)
    header.write("\"}")
    var offset = 0
    for (name, values) in tensors {
      header.write(",\"")
      header.write(name)
      header.write("\":{\"dtype\":\"F64\",\"shape\":[")
      header.write(values.count)
      header.write("],\"data_offsets\":[")
      header.write(offset)
      offset += 8 * values.count
      header.write(",")
      header.write(offset)
      header.write("]}")
    }
    header.write("}")
    // The format wants the data to begin at a multiple of eight bytes.
    while header.bytes.count % 8 != 0 { header.write(" ") }
    var writer = ByteWriter()
    writer.write(UInt64(header.bytes.count))
    writer.write(raw: header.bytes)
    for (_, values) in tensors { for value in values { writer.write(value) } }
    return writer.bytes
  }

  private func json() -> [UInt8] {
    var text = TextWriter()
    text.write("{\"algorithm\":\"")
    text.write(algorithm)
    text.write("\",\"bias\":")
    text.writeExactly(bias)
    text.write(",\"c\":")
    text.writeExactly(c)
    if let calibration {
      text.write(",\"calibration\":{\"a\":")
      text.writeExactly(calibration.a)
      text.write(",\"b\":")
      text.writeExactly(calibration.b)
      text.write("}")
    }
    text.write(",\"representation\":\"")
    text.write(representation.slug)
    text.write("\",\"terms\":[")
    for index in terms.indices {
      text.write(index == 0 ? "{\"term\":" : ",{\"term\":")
      text.write(quoted: terms[index])
      text.write(",\"weight\":")
      text.writeExactly(weights[index])
      if representation == .naiveBayes {
        text.write(",\"value\":")
        text.writeExactly(termValues[index])
      }
      text.write("}")
    }
    text.write("]}\n")
    return text.bytes
  }
}
