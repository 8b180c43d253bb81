using Lazykick.Traces.Kicks;

namespace Lazykick.Cli.Report;

/// <summary>A file with every kick.</summary>
internal interface IKickTable : IDisposable
{
    /// <summary>Adds a kick.</summary>
    void Write(KickDetail kick);
}
