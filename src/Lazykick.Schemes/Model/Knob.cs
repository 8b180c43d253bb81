using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Model;

/// <summary>
/// A setting of a scheme that is fixed before a run: a patch that is applied or not, a kind of interrupt controller.
/// </summary>
/// <param name="Name">The name, as in <c>--set name=value</c>.</param>
/// <param name="Values">Its values; off and on for a switch. Their index is the knob's number.</param>
/// <param name="Default">Index of the value that holds without <c>--set</c>.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record Knob(string Name, IReadOnlyList<string> Values, int Default, SourceSpan Span)
{
    /// <summary>True if its values are off and on.</summary>
    public bool IsSwitch => Values is ["off", "on"];
}
