using Lazykick.Schemes.Text;

namespace Lazykick.Schemes.Loading;

/// <summary>Where included files come from.</summary>
public interface ISchemeFiles
{
    /// <summary>The file with this name (without <c>.kick</c>), or null if there is none.</summary>
    SourceText? Find(string name);

    /// <summary>All names, for suggestions.</summary>
    IEnumerable<string> Names { get; }
}
