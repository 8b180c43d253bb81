using System.Globalization;
using Lazykick.Checking.Compilation;
using Lazykick.Checking.Moves;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Verdicts;

/// <summary>Values of fields as people write them: names of enumerations, sets of CPUs, messages.</summary>
internal sealed class FieldText(CompiledScheme scheme)
{
    private readonly Dictionary<Field, VariableDeclaration> _declarations = scheme
        .Fields.Variables(scheme.Scheme)
        .ToDictionary(v => v.Field, v => v.Variable);

    /// <summary>The type of the variable that a field is; null for other fields.</summary>
    public VariableType? TypeOf(Field field) => _declarations.GetValueOrDefault(field)?.Type;

    /// <summary>A value of a field.</summary>
    public string Of(Field field, int value) =>
        TypeOf(field) switch
        {
            EnumType e when value < e.Names.Count => e.Names[value],
            LockType => value == 0 ? "free" : $"held by CPU{value - 1}",
            QueueType q => value == 0 ? "empty" : $"[{string.Join(", ", q.Entries(value).Select(e => Entry(q, e)))}]",
            SetType => "{"
                + string.Join(
                    ", ",
                    Enumerable.Range(0, scheme.Cpus.Length).Where(c => (value >> c & 1) == 1).Select(c => $"CPU{c}")
                )
                + "}",
            IrqType when value <= scheme.Scheme.Messages.Count + 1 => value switch
            {
                0 => "none",
                1 => "device",
                _ => scheme.Scheme.Messages[value - 2],
            },
            _ => value.ToString(CultureInfo.InvariantCulture),
        };

    private static string Entry(QueueType queue, int entry) =>
        queue.Element is EnumType e ? e.Names[entry] : entry.ToString(CultureInfo.InvariantCulture);
}
