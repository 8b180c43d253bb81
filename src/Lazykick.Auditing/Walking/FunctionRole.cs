namespace Lazykick.Auditing.Walking;

/// <summary>What the model says of a function, by any of its names.</summary>
internal sealed record FunctionRole(string Name)
{
    public Direction Direction { get; init; }

    public bool IsNever { get; init; }

    public bool IsSkipped { get; init; }

    public bool IsBoot { get; init; }

    public bool IsWatching { get; init; }

    public bool IsNestIn { get; init; }

    public bool IsNestOut { get; init; }

    public bool IsReturnThunk { get; init; }

    public bool IsIndirectThunk { get; init; }

    public bool IsTracer { get; init; }
}
