using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Syntax;

/// <summary>One parsed file.</summary>
/// <param name="Source">Its text.</param>
/// <param name="Declarations">Its declarations in order.</param>
public sealed record SchemeFile(SourceText Source, IReadOnlyList<Declaration> Declarations);
