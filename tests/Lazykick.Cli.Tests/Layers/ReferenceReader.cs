using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Lazykick.Cli.Tests.Layers;

/// <summary>
/// Which type of an assembly names which, as the compiler wrote it down: base types, interfaces, signatures,
/// attributes, local variables and the tokens of every method body (ECMA-335 II.22 to II.24, III.1).
/// </summary>
internal sealed class ReferenceReader
{
    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes)
        .GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => (int)(ushort)o.Value);

    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly Names _names;
    private readonly HashSet<(string From, string To)> _references = [];
    private string _from = "";

    private ReferenceReader(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _names = new Names(_metadata, to => _references.Add((_from, to)));
    }

    /// <summary>
    /// Pairs of full type names, the second of any assembly; nested types count as the type around them.
    /// </summary>
    public static IReadOnlySet<(string From, string To)> Read(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var reader = new ReferenceReader(image);
        foreach (var handle in reader._metadata.TypeDefinitions)
            reader.ReadType(handle);
        return reader._references;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        _from = _names.Of(handle);
        _names.Note(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            _names.Note(_metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (var parameter in type.GetGenericParameters())
            ReadConstraints(parameter);
        foreach (var attribute in type.GetCustomAttributes())
            _names.Note(_metadata.GetCustomAttribute(attribute).Constructor);
        foreach (var field in type.GetFields())
            _metadata.GetFieldDefinition(field).DecodeSignature(_names, null);
        foreach (var method in type.GetMethods())
            ReadMethod(_metadata.GetMethodDefinition(method));
    }

    private void ReadConstraints(GenericParameterHandle parameter)
    {
        foreach (var constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            _names.Note(_metadata.GetGenericParameterConstraint(constraint).Type);
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(_names, null);
        foreach (var parameter in method.GetGenericParameters())
            ReadConstraints(parameter);
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
        ReadCode(body.GetILReader());
    }

    private void ReadCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            var value = (int)code.ReadByte();
            if (value == 0xFE)
                value = 0xFE00 | code.ReadByte();
            switch (s_opCodes[value].OperandType)
            {
                case OperandType.InlineField
                or OperandType.InlineMethod
                or OperandType.InlineTok
                or OperandType.InlineType:
                    _names.Note(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset++;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    /// <summary>Reports each type that a signature or a token names.</summary>
    private sealed class Names(MetadataReader metadata, Action<string> found) : ISignatureTypeProvider<int, object?>
    {
        public string Of(TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            var outer = type.GetDeclaringType();
            return outer.IsNil ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}" : Of(outer);
        }

        private string Of(TypeReferenceHandle handle)
        {
            var type = metadata.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? Of((TypeReferenceHandle)type.ResolutionScope)
                : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        }

        public void Note(EntityHandle handle)
        {
            if (handle.IsNil)
                return;
            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    found(Of((TypeDefinitionHandle)handle));
                    break;
                case HandleKind.TypeReference:
                    found(Of((TypeReferenceHandle)handle));
                    break;
                case HandleKind.TypeSpecification:
                    metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.MethodDefinition:
                    var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                    found(Of(method.GetDeclaringType()));
                    break;
                case HandleKind.FieldDefinition:
                    found(Of(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()));
                    break;
                case HandleKind.MemberReference:
                    Note(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                    break;
                case HandleKind.MethodSpecification:
                    var instance = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    Note(instance.Method);
                    instance.DecodeSignature(this, null);
                    break;
            }
        }

        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Noted(handle);

        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
            Noted(handle);

        public int GetTypeFromSpecification(
            MetadataReader reader,
            object? genericContext,
            TypeSpecificationHandle handle,
            byte rawTypeKind
        ) => Noted(handle);

        public int GetArrayType(int elementType, ArrayShape shape) => 0;

        public int GetByReferenceType(int elementType) => 0;

        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

        public int GetGenericInstantiation(
            int genericType,
            System.Collections.Immutable.ImmutableArray<int> arguments
        ) => 0;

        public int GetGenericMethodParameter(object? genericContext, int index) => 0;

        public int GetGenericTypeParameter(object? genericContext, int index) => 0;

        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

        public int GetPinnedType(int elementType) => 0;

        public int GetPointerType(int elementType) => 0;

        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

        public int GetSZArrayType(int elementType) => 0;

        private int Noted(EntityHandle handle)
        {
            Note(handle);
            return 0;
        }
    }
}
