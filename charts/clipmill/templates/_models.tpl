{{- /*
Gives a step the models that its image has not: from a volume, from a bucket, or from a bucket by way
of a volume that pods share. Renders nothing. The steps that use models are in files/models.json,
which `clipmill render` writes.
*/ -}}
{{- define "clipmill.models" -}}
{{- $models := .root.Values.models -}}
{{- $template := .template -}}
{{- $container := $template.container -}}
{{- if and (or $models.volume $models.uri) (has $template.name (.root.Files.Get "files/models.json" | fromJsonArray)) -}}
{{- $mount := dict "name" "models" "mountPath" "/models" -}}
{{- $found := dict "name" "CLIPMILL_WEIGHTS_DIR" "value" "/models" -}}
{{- $read := merge (dict "readOnly" true) $mount -}}
{{- $_ := set $container "volumeMounts" (append $container.volumeMounts $read) -}}
{{- if $models.uri -}}
{{- $env := include "clipmill.storeEnv" .root | fromYamlArray -}}
{{- $home := dict "name" "HOME" "value" "/tmp" -}}
{{- $size := dict "cpu" "1" "memory" "512Mi" -}}
{{- $init := dict
  "name" "models"
  "image" $container.image
  "imagePullPolicy" $container.imagePullPolicy
  "command" (list "python" "-m" "pipelines")
  "args" (list "models" "fetch" (printf "--from=%s" $models.uri) (printf "--step=%s" $template.name))
  "env" (concat $env (list $home $found))
  "volumeMounts" (list $mount (dict "name" "scratch" "mountPath" "/tmp"))
  "resources" (dict "requests" $size "limits" (dict "memory" $size.memory))
  "securityContext" $container.securityContext
-}}
{{- $_ := set $template "initContainers" (list $init) -}}
{{- end -}}
{{- $_ := set $container "env" (append $container.env $found) -}}
{{- end -}}
{{- end }}

{{- /* The volume of the models, for the whole workflow: the one of the values, else one per pod. */ -}}
{{- define "clipmill.modelVolume" -}}
{{- with .Values.models.volume | default (ternary (dict "emptyDir" dict) dict (ne .Values.models.uri "")) -}}
{{ toJson (list (merge (dict "name" "models") .)) }}
{{- else -}}
[]
{{- end -}}
{{- end }}
