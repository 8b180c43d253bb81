namespace Lazykick;

/// <summary>
/// An object for as long as the read scope lasts in which it was read. A ref struct that the compiler ties to the
/// scope's variable; <see cref="Value"/> itself is an ordinary reference, and LKR002 reports where it is kept.
/// </summary>
/// <typeparam name="T">The object's type.</typeparam>
public readonly ref struct RcuBorrow<T>
    where T : class
{
    private readonly T? _value;

    internal RcuBorrow(T? value) => _value = value;

    /// <summary>Whether there is an object.</summary>
    public bool HasValue => _value is not null;

    /// <summary>The object.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    [RcuProtected]
    public T Value =>
        _value
        ?? throw new InvalidOperationException(
            "Nothing has been published here, or it has been taken away. Ask HasValue first."
        );
}
