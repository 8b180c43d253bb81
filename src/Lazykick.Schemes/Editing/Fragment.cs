using Lazykick.Schemes.Syntax;
using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Editing;

/// <summary>Steps that are written in the language without a file: what an edit adds.</summary>
public static class Fragment
{
    /// <summary>The name that such steps have in messages, in the place of a file.</summary>
    public const string Origin = "(added)";

    /// <summary>Reads steps.</summary>
    /// <param name="lines">One step or head of a block a line; a block is indented.</param>
    /// <exception cref="ArgumentException">They are no steps.</exception>
    public static IReadOnlyList<Step> Steps(params IReadOnlyList<string> lines)
    {
        var text = $"routine added\n{string.Concat(lines.Select(l => $"    {l}\n"))}";
        var diagnostics = new DiagnosticCollection();
        var file = Parser.Parse(new SourceText(Origin, text), diagnostics);
        return diagnostics.Count == 0 && file.Declarations is [RoutineDeclaration routine]
            ? routine.Body
            : throw new ArgumentException(string.Concat(diagnostics.Select(d => d.Render())), nameof(lines));
    }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Expression Condition(string text)
    {
        var diagnostics = new DiagnosticCollection();
        return Parser.ParseExpression(new SourceText(Origin, text), diagnostics)
            ?? throw new ArgumentException(string.Concat(diagnostics.Select(d => d.Render())), nameof(text));
    }
}
