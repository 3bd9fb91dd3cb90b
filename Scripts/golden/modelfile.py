#!/usr/bin/env python3
"""Golden ONNX messages for Tests/TailorModelFileTests, encoded by Google's Protocol Buffers.

Made with onnx 1.23.2 and protobuf 7.36.2; nothing is random.
- official.onnx: by the messages of the onnx package (version 2 of the format: numbers one a field, zeros that were
  set written).
- tailor.onnx: the same values by messages of version 3 with the fields that Tailor knows: what its writer must give.
- messages.json: what those two hold.
- foreign.onnx: with parts that a model file does not have; foreign.json: their field numbers, message by message.
Usage: modelfile.py [OUTDIR]
"""
import json
import pathlib
import struct
import sys

import onnx
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.unknown_fields import UnknownFieldSet
from onnx import AttributeProto, TensorProto, helper

# Message: fields as "name number type", `*` for repeated, `?` for optional, `|` for one of the two.
SCHEMA = {
    "ModelProto": "ir_version 1 int64, producer_name 2 string, producer_version 3 string, domain 4 string, "
                  "model_version 5 int64, doc_string 6 string, graph 7 GraphProto, "
                  "opset_import* 8 OperatorSetIdProto, metadata_props* 14 StringStringEntryProto",
    "OperatorSetIdProto": "domain 1 string, version 2 int64",
    "StringStringEntryProto": "key 1 string, value 2 string",
    "GraphProto": "node* 1 NodeProto, name 2 string, initializer* 5 TensorProto, doc_string 10 string, "
                  "input* 11 ValueInfoProto, output* 12 ValueInfoProto",
    "NodeProto": "input* 1 string, output* 2 string, name 3 string, op_type 4 string, attribute* 5 AttributeProto, "
                 "doc_string 6 string, domain 7 string",
    "AttributeProto": "name 1 string, f? 2 float, i? 3 int64, s 4 bytes, floats* 7 float, ints* 8 int64, type 20 int32",
    "TensorProto": "dims* 1 int64, data_type 2 int32, name 8 string, raw_data 9 bytes, "
                   "external_data* 13 StringStringEntryProto, data_location 14 int32",
    "ValueInfoProto": "name 1 string, type 2 TypeProto",
    "TypeProto": "tensor_type 1 TensorTypeProto",
    "TensorTypeProto": "elem_type 1 int32, shape 2 TensorShapeProto",
    "TensorShapeProto": "dim* 1 DimensionProto",
    "DimensionProto": "dim_value| 1 int64, dim_param| 2 string",
}


def version_3_model():
    """The class of a ModelProto with SCHEMA's fields, in version 3 of the format."""
    field_type = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="tailor.proto", package="tailor", syntax="proto3")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for entry in fields.split(", "):
            label, number, kind = entry.split()
            field = message.field.add(name=label.rstrip("*?|"), number=int(number))
            field.label = field_type.LABEL_REPEATED if label.endswith("*") else field_type.LABEL_OPTIONAL
            if kind in SCHEMA:
                field.type, field.type_name = field_type.TYPE_MESSAGE, f".tailor.{kind}"
            else:
                field.type = getattr(field_type, f"TYPE_{kind.upper()}")
            if label[-1] in "?|":
                field.proto3_optional = label.endswith("?")
                one_of = "size" if label.endswith("|") else f"_{field.name}"
                names = [o.name for o in message.oneof_decl]
                if one_of not in names:
                    message.oneof_decl.add(name=one_of)
                    names.append(one_of)
                field.oneof_index = names.index(one_of)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tailor.ModelProto"))


def model():
    node = helper.make_node("Conv", ["image", "", "größe"], ["features", "特徴"], name="层/🙂")
    node.attribute.extend([
        AttributeProto(
            name="pads", type=AttributeProto.INTS,
            ints=[0, 1, -1, 127, 128, 2**31, -(2**31), 2**63 - 1, -(2**63)]),
        AttributeProto(name="zero", type=AttributeProto.INT, i=0),
        AttributeProto(name="negative", type=AttributeProto.INT, i=-300),
        AttributeProto(name="zero.float", type=AttributeProto.FLOAT, f=0.0),
        AttributeProto(name="float", type=AttributeProto.FLOAT, f=-1.5),
        AttributeProto(
            name="floats", type=AttributeProto.FLOATS, floats=[0.0, -0.0, 1e-45, 3.4028234663852886e38, 0.1]),
        AttributeProto(name="text", type=AttributeProto.STRING, s=b"\x00\xff not text"),
    ])
    node.doc_string = "\ufeffkept"
    plain = helper.make_node("Relu", ["features"], ["logits"])
    tensors = [
        TensorProto(name="größe", data_type=TensorProto.INT8, dims=[2, 0x80, 0], raw_data=b""),
        TensorProto(name="scale", data_type=TensorProto.FLOAT, dims=[2], raw_data=bytes(range(8))),
        TensorProto(name="scalar", data_type=TensorProto.BFLOAT16, raw_data=b"\x01\x02"),
    ]
    outside = tensors[1].external_data.add()
    outside.key, outside.value = "location", "elsewhere"
    tensors[1].data_location = TensorProto.EXTERNAL
    graph = helper.make_graph(
        [node, plain], "graph", initializer=tensors, doc_string="a\nb",
        inputs=[helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 0, None])],
        outputs=[
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, []),
            helper.make_tensor_value_info("特徴", TensorProto.FLOAT16, None),
            onnx.ValueInfoProto(name="untyped"),
        ])
    made = helper.make_model(
        graph, ir_version=10, producer_name="tailor", producer_version="0", domain="com.example",
        model_version=2**40, doc_string="golden",
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.example", -1)])
    helper.set_model_props(made, {"a": "", "größe": "x" * 200})
    return made


def foreign():
    """One unknown field of each wire type that ONNX uses, at every level it has some."""
    made = model()
    made.training_info.add()
    graph = made.graph
    graph.sparse_initializer.add()
    graph.quantization_annotation.add()
    graph.initializer[0].float_data.extend([1.0, 2.0])
    graph.initializer[2].double_data.append(0.5)
    graph.initializer[2].uint64_data.append(7)
    graph.node[0].attribute.add(name="body", type=AttributeProto.GRAPH).g.name = "within"
    graph.node[0].attribute.add(name="value", type=AttributeProto.TENSOR).t.name = "within"
    graph.node[0].attribute.add(name="names", type=AttributeProto.STRINGS).strings.append(b"a")
    graph.node[1].overload = "other"
    graph.input[0].doc_string = "described"
    graph.input[0].type.denotation = "IMAGE"
    graph.input[0].type.tensor_type.shape.dim[0].denotation = "DATA_BATCH"
    graph.output[2].type.sequence_type.elem_type.tensor_type.elem_type = 1
    made.functions.add().name = "f"
    return made


def plain(message):
    """A message as JSON: numbers as they are, floats as their bits, bytes in hexadecimal, what is not set as null."""
    def value(field, item):
        if field.message_type:
            return plain(item)
        if field.type == field.TYPE_FLOAT:
            return struct.unpack("<I", struct.pack("<f", item))[0]
        return item.hex() if isinstance(item, bytes) else item

    found = {}
    for field in message.DESCRIPTOR.fields:
        item = getattr(message, field.name)
        if field.is_repeated:
            found[field.name] = [value(field, entry) for entry in item]
        elif field.has_presence and not message.HasField(field.name):
            found[field.name] = None
        else:
            found[field.name] = value(field, item)
    return found


def unknown(message, path=""):
    """Field numbers that are not in SCHEMA, of every message that has some."""
    numbers = list(dict.fromkeys(field.field_number for field in UnknownFieldSet(message)))
    found = {path: numbers} if numbers else {}
    for field, item in message.ListFields():
        if field.message_type and field.is_repeated:
            for index, entry in enumerate(item):
                found |= unknown(entry, f"{path}.{field.name}[{index}]")
        elif field.message_type:
            found |= unknown(item, f"{path}.{field.name}")
    return found


def main():
    default = pathlib.Path(__file__).parents[2] / "Tests/TailorModelFileTests/Golden"
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    official = model().SerializeToString(deterministic=True)
    with_more = foreign().SerializeToString(deterministic=True)
    ours = version_3_model().FromString(official)
    (out / "official.onnx").write_bytes(official)
    (out / "tailor.onnx").write_bytes(ours.SerializeToString(deterministic=True))
    (out / "messages.json").write_text(json.dumps(plain(ours), indent=1) + "\n")
    (out / "foreign.onnx").write_bytes(with_more)
    (out / "foreign.json").write_text(json.dumps(unknown(version_3_model().FromString(with_more)), indent=1) + "\n")


if __name__ == "__main__":
    main()
