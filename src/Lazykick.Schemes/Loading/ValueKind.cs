namespace Lazykick.Schemes.Loading;

/// <summary>What an expression stands for.</summary>
/// <param name="Category">Which sort of value.</param>
/// <param name="Names">Of an enumeration: its names.</param>
internal sealed record ValueKind(ValueCategory Category, IReadOnlyList<string>? Names = null)
{
    /// <summary>Of a queue: what an entry is; else null.</summary>
    public ValueKind? Entry { get; init; }

    /// <summary>Of a queue: how many entries it holds.</summary>
    public int Length { get; init; }

    public static ValueKind Number { get; } = new(ValueCategory.Number);

    public static ValueKind Cpu { get; } = new(ValueCategory.Cpu);

    public static ValueKind Set { get; } = new(ValueCategory.Set);

    /// <summary>Something that was reported already; fits everywhere.</summary>
    public static ValueKind Unknown { get; } = new(ValueCategory.Unknown);

    public bool Fits(ValueKind other) =>
        Category == ValueCategory.Unknown
        || other.Category == ValueCategory.Unknown
        || (
            Category == other.Category
            && (Category != ValueCategory.Name || Names!.SequenceEqual(other.Names!))
            && Length == other.Length
            && (Entry is null || other.Entry is null || Entry.Fits(other.Entry))
        );

    public override string ToString() =>
        Category switch
        {
            ValueCategory.Number => "a number or condition",
            ValueCategory.Cpu => "a CPU",
            ValueCategory.Set => "a set of CPUs",
            ValueCategory.Name when Entry is not null => $"a queue of {Length} ({Entry} each)",
            ValueCategory.Name => $"one of {string.Join(", ", Names!)}",
            _ => "a value",
        };
}

/// <summary>The sorts of values.</summary>
internal enum ValueCategory
{
    Number,
    Cpu,
    Set,
    Name,
    Unknown,
}
