using Lazykick.Schemes.Model;
using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Tests.Naive;

/// <summary>Where the instances of variables and texts are kept in a state.</summary>
internal sealed class NaiveLayout
{
    private readonly Scheme _scheme;
    private readonly int _cpus;
    private readonly Dictionary<string, int> _variableStart = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _textStart = new(StringComparer.Ordinal);

    public NaiveLayout(Scheme scheme, int cpus)
    {
        _scheme = scheme;
        _cpus = cpus;
        foreach (var variable in scheme.Variables.Values)
        {
            _variableStart[variable.Name] = VariableCount;
            VariableCount += CountOf(variable);
        }

        foreach (var text in scheme.Texts.Values)
        {
            _textStart[text.Name] = TextCount;
            TextCount += text.PerCpu ? cpus : 1;
        }
    }

    public int VariableCount { get; }

    public int TextCount { get; }

    public int StartOf(VariableDeclaration variable) => _variableStart[variable.Name];

    public int StartOf(TextDeclaration text) => _textStart[text.Name];

    /// <summary>The places of all instances of a variable, each with the CPU that it belongs to.</summary>
    public IEnumerable<(int Slot, int Cpu)> InstancesOf(VariableDeclaration variable) =>
        Enumerable
            .Range(0, CountOf(variable))
            .Select(i => (StartOf(variable) + i, variable.Storage == Storage.Pairwise ? i / _cpus : i));

    /// <summary>The declaration of a text location by its index.</summary>
    public TextDeclaration TextAt(int index) => _scheme.Texts.Values.Last(t => _textStart[t.Name] <= index);

    private int CountOf(VariableDeclaration variable) =>
        variable.Storage switch
        {
            Storage.Shared or Storage.Ghost => 1,
            Storage.Pairwise => _cpus * _cpus,
            _ => _cpus,
        };
}
