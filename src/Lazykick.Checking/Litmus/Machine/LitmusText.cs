using Lazykick.Checking.Litmus.Assembly;

namespace Lazykick.Checking.Litmus.Machine;

/// <summary>
/// Which instruction is at a place in a version, and what the test's options say about synchronisation.
/// </summary>
internal sealed class LitmusText
{
    private static readonly LitmusInstruction _unknown = new()
    {
        Operation = Operation.Unknown,
        Text = "an instruction word of no meaning here",
    };
    private readonly LitmusProgram _program;
    private readonly LitmusLayout _layout;
    private readonly ValueTable _values;
    private readonly Dictionary<(int Code, long Word), LitmusInstruction> _decoded = [];

    internal LitmusText(LitmusProgram program, LitmusLayout layout, ValueTable values)
    {
        (_program, _layout, _values) = (program, layout, values);
        var variants = program.Test.Variants;
        EntrySynchronises = !variants.Contains("exs") || variants.Contains("eis");
        ReturnSynchronises = !variants.Contains("exs") || variants.Contains("eos");
        FaultsEnd = variants.Contains("fatal");
        FaultsSkip = variants.Contains("faulttonext");
    }

    /// <summary>SVC synchronises the context: always, unless FEAT_ExS with EIS = 0.</summary>
    internal bool EntrySynchronises { get; }

    /// <summary>ERET synchronises the context: always, unless FEAT_ExS with EOS = 0.</summary>
    internal bool ReturnSynchronises { get; }

    /// <summary>An exception ends its thread.</summary>
    internal bool FaultsEnd { get; }

    /// <summary>An exception continues with the next instruction.</summary>
    internal bool FaultsSkip { get; }

    internal LitmusInstruction InstructionAt(ReadOnlySpan<int> state, int code, int version)
    {
        if (version == 0)
            return _program.Code[code];
        var word = _values[state[VersionValue(_layout.TextOf[code], version)]];
        if (_decoded.TryGetValue((code, word), out var instruction))
            return instruction;
        instruction = _program.Book.Decode(word, code) ?? _unknown;
        if (
            (instruction.Operation == Operation.Branch || instruction.IsConditionalBranch)
            && (instruction.Target < 0 || instruction.Target >= _program.Code.Length)
        )
        {
            instruction = _unknown;
        }

        _decoded.Add((code, word), instruction);
        return instruction;
    }

    /// <summary>The code location, as text that may change, at a location of memory; -1 if it is none.</summary>
    internal int At(int location)
    {
        var code = location - _program.Data.Length;
        return code < 0 ? -1 : _layout.TextOf[_program.CodeLocations[code]];
    }

    /// <summary>A write of text became visible.</summary>
    internal void AddVersion(Span<int> state, int text, int number)
    {
        var version = _layout.Versions.Write(state, text);
        if (version < 0)
            _layout.Exceeded = LayoutLimit.Versions;
        else
            state[VersionValue(text, version)] = number;
    }

    internal int VersionValue(int text, int version) =>
        _layout.VersionValues + (text * _layout.VersionLimit) + version - 1;
}
