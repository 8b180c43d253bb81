namespace Lazykick.Schemes.Syntax;

/// <summary>A declaration that is written out once for each set of values that is given to it.</summary>
public interface IHasParameters
{
    /// <summary>Its parameters: names for which values are put in.</summary>
    IReadOnlyList<Token> Parameters { get; }
}
